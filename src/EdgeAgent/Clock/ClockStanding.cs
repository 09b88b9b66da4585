namespace EdgeAgent.Clock;

/// <summary>Who says what time it is.</summary>
internal enum ClockSource
{
    /// <summary>Nobody: times of readings are provisional.</summary>
    None,

    /// <summary>The kernel: its clock is synchronized, by NTP or PTP, or was earlier in this boot.</summary>
    Kernel,

    /// <summary>The ingestion service, over an upload session.</summary>
    Service,

    /// <summary>The wall clock, where the kernel does not say whether it is synchronized.</summary>
    Wall,

    /// <summary>The wall clock, because the configuration trusts it.</summary>
    Configuration,
}

/// <summary>What is known of the time at one moment.</summary>
/// <param name="Source">Who says so.</param>
/// <param name="Uncertainty">How far it may be off; null where nobody knows the time.</param>
/// <param name="WallAhead">How far the wall clock is ahead of what times of readings are made by; negative where it is behind.</param>
internal readonly record struct ClockStanding(ClockSource Source, TimeSpan? Uncertainty, TimeSpan WallAhead);
