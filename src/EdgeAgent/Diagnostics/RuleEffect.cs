namespace EdgeAgent.Diagnostics;

/// <summary>
/// What a report rule did to a reading. For each rule: readings of its series = readings stored under their own names + unchanged + too soon + aggregated +
/// what open windows hold (+ what was dropped by a cause of its own); aggregates and alarm states are stored beside them.
/// </summary>
internal enum RuleEffect
{
    /// <summary>Held back: within the deadband.</summary>
    Unchanged,

    /// <summary>Held back: within the minimum interval.</summary>
    TooSoon,

    /// <summary>Held back: part of a window that is closed.</summary>
    Aggregated,

    /// <summary>Its raw value was outside of the calibration; its quality says so.</summary>
    Uncalibrated,

    /// <summary>Sent by the alarm lane, because it crossed a threshold or came back.</summary>
    Alarmed,

    /// <summary>Made: an aggregate of a window.</summary>
    AggregateMade,

    /// <summary>Made: whether there is an alarm.</summary>
    StateMade,
}
