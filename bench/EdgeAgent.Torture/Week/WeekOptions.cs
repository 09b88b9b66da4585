namespace EdgeAgent.Torture.Week;

/// <param name="Time">How much is simulated.</param>
/// <param name="Rate">Readings a second.</param>
/// <param name="IsJson">One line at the end instead of a table.</param>
internal sealed record WeekOptions(TimeSpan Time, int Rate, bool IsJson);
