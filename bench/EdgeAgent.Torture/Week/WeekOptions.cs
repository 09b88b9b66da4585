namespace EdgeAgent.Torture.Week;

/// <param name="Time">How much is simulated.</param>
/// <param name="Rate">Readings a second.</param>
/// <param name="SpoolBytes">What the spool may take: to be too small.</param>
/// <param name="Noise">How far a value moves from one reading to the next, in hundredths: 1 is a quiet sensor.</param>
/// <param name="IsJson">One line at the end instead of a table.</param>
internal sealed record WeekOptions(TimeSpan Time, int Rate, long SpoolBytes, int Noise, bool IsJson);
