using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <summary>Everything may go.</summary>
internal sealed class UnlimitedBudget : ILaneBudget
{
    public TimeSpan WaitFor(SpoolLane lane) => TimeSpan.Zero;
}
