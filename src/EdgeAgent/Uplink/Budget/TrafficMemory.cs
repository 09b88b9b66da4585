namespace EdgeAgent.Uplink.Budget;

/// <summary>What is kept of the traffic over restarts.</summary>
/// <param name="Boot">The start of the machine that it was written in.</param>
/// <param name="At">Since that start.</param>
/// <param name="IsTimeKnown">Whether the time was known in it.</param>
/// <param name="IsClean">Whether the process ended in order; else more may have passed after this.</param>
/// <param name="Day">The day.</param>
/// <param name="Month">The month.</param>
/// <param name="Recent">The last days.</param>
internal readonly record struct TrafficMemory(
    Guid Boot, TimeSpan At, bool IsTimeKnown, bool IsClean, PeriodState Day, PeriodState Month, RecentTraffic Recent);
