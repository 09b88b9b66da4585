namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// Where a sensor is:
/// <code>
/// Gone ── Add ──▶ Waiting ── TryTake ──▶ AtWork ── Return ──▶ Waiting
///   ▲ RemoveAsync │                        │ RemoveAsync
///   ├─────────────┘                        ▼
///   └──────────── Return, GiveUp ────── Leaving
/// </code>
/// </summary>
internal enum SensorPlace
{
    /// <summary>Not in the schedule.</summary>
    Gone,

    /// <summary>In the schedule, until it is due.</summary>
    Waiting,

    /// <summary>Taken; it will be returned.</summary>
    AtWork,

    /// <summary>Taken; it will be returned and not be scheduled again.</summary>
    Leaving,
}
