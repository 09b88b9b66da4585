namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>
/// Clocks a bus free, UM10204 section 3.1.16: a chip that was interrupted in the middle of a byte holds the data line until it has been
/// clocked through the rest of it, nine clocks at most. A STOP then ends whatever any chip believes to be going on.
/// </summary>
internal static class BusClearing
{
    /// <summary>The eight bits of a byte and its acknowledgement.</summary>
    public const int Clocks = 9;

    /// <summary>
    /// Half a clock. The slowest bus asks for 5 µs; a sleep of 1 ms is the shortest that costs no processor, and there is no longest
    /// (SMBus resets its chips after 25 ms of a low clock, which would be welcome).
    /// </summary>
    private static readonly TimeSpan HalfClock = TimeSpan.FromMilliseconds(1);

    public static RecoveryOutcome Clear(IBusLines lines)
    {
        lines.SetSda(true);
        lines.SetScl(true);
        Thread.Sleep(HalfClock);
        if (!lines.IsSclHigh())
        {
            return RecoveryOutcome.ClockHeld;
        }
        for (int clock = 0; clock < Clocks && !lines.IsSdaHigh(); clock++)
        {
            Set(lines.SetScl, false);
            Set(lines.SetScl, true);
        }
        if (!lines.IsSdaHigh())
        {
            return RecoveryOutcome.DataHeld;
        }
        // STOP: the data line goes up while the clock is high. It may go down only while the clock is low: that would be a START.
        Set(lines.SetScl, false);
        Set(lines.SetSda, false);
        Set(lines.SetScl, true);
        Set(lines.SetSda, true);
        return lines.IsSdaHigh() ? RecoveryOutcome.Done : RecoveryOutcome.DataHeld;
    }

    private static void Set(Action<bool> line, bool high)
    {
        line(high);
        Thread.Sleep(HalfClock);
    }
}
