using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <summary>What the bill allows. Asked by the send gate before each record; it is told nothing.</summary>
internal interface ILaneBudget
{
    /// <returns>Zero: the lane may send now. Else how long until it may be asked again.</returns>
    TimeSpan WaitFor(SpoolLane lane);
}
