namespace EdgeAgent.Batching;

/// <summary>What the uplink knows of its trouble.</summary>
internal interface IUplinkTrouble
{
    /// <summary>What is sent does not arrive, or is not taken.</summary>
    bool IsInTrouble { get; }
}
