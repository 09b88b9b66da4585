namespace EdgeAgent.Uplink.Budget;

/// <summary>How far a period is, and what was used in it. This is what is kept over restarts.</summary>
/// <param name="Begin">Where it begins in the calendar; null while the time was never known in it.</param>
/// <param name="Elapsed">How much of it is over: counted, from where the calendar said that it stands when it began.</param>
/// <param name="Bytes">Used in it.</param>
internal readonly record struct PeriodState(DateTimeOffset? Begin, TimeSpan Elapsed, long Bytes);
