namespace EdgeAgent.Torture.Week;

/// <param name="Time">How much is simulated.</param>
/// <param name="Rate">Readings a second.</param>
/// <param name="SpoolBytes">What the spool may take: to be too small.</param>
/// <param name="IsJson">One line at the end instead of a table.</param>
internal sealed record WeekOptions(TimeSpan Time, int Rate, long SpoolBytes, bool IsJson);
