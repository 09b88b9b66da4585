namespace EdgeAgent.Mqtt.Intake;

/// <summary>How a stop went.</summary>
public enum IntakeStopOutcome
{
    /// <summary>Everything in flight was settled and acknowledged, and every connection was told goodbye.</summary>
    Settled,

    /// <summary>The time was up: connections were cut while publishes were not settled. Their devices have them still and will send them again.</summary>
    CutOff,

    /// <summary>
    /// The same, and a call of the owner's handler did not even return when it was cancelled. It was left behind: what it may still do, it does
    /// without anybody waiting for it. A fault of the owner's.
    /// </summary>
    HandlerStuck,
}
