namespace EdgeAgent.Uplink.Budget;

/// <summary>What is kept of the traffic over restarts.</summary>
/// <param name="Boot">The start of the machine that it was written in.</param>
/// <param name="At">Since that start.</param>
/// <param name="IsTimeKnown">Whether the time was known in it.</param>
/// <param name="Unplaced">Bytes that passed before the time was known, in this start and those before it in which it never was.</param>
/// <param name="IsClean">Whether the process ended in order; else more may have passed after this.</param>
/// <param name="Day">The day.</param>
/// <param name="Month">The month.</param>
/// <param name="Recent">The last days.</param>
internal readonly record struct TrafficMemory(
    Guid Boot, TimeSpan At, bool IsTimeKnown, long Unplaced, bool IsClean, PeriodState Day, PeriodState Month, RecentTraffic Recent);
