namespace EdgeAgent.Uplink;

/// <summary>
/// For timers, which count in whole milliseconds and round down: a deadline that is judged when its timer fires would not be over yet, and the rest of a wait
/// would be spun away.
/// </summary>
internal static class WholeMilliseconds
{
    /// <summary>Rounded up; nothing below zero.</summary>
    public static TimeSpan Of(TimeSpan time) => time > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)) : TimeSpan.Zero;
}
