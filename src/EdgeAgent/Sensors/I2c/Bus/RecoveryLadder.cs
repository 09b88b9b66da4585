namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>
/// Which step is next, and when: the steps in turn, from the gentlest, and round again; between them 1, 2, 4 … seconds, up to five
/// minutes. A bus that is stuck by a short circuit costs next to nothing, and one that comes free by itself is found within that time.
/// </summary>
internal sealed class RecoveryLadder(IReadOnlyList<RecoveryStep> steps, TimeProvider time)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(5);

    private int _next;
    private long _since;
    private TimeSpan _pause;

    /// <summary>From the first step again.</summary>
    public void Begin()
    {
        _next = 0;
        _since = time.GetTimestamp();
        _pause = FirstPause;
    }

    /// <returns>Null: the bus is left alone for now.</returns>
    public RecoveryStep? Next()
    {
        if (time.GetElapsedTime(_since) < _pause)
        {
            return null;
        }
        _since = time.GetTimestamp();
        _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
        return steps[_next++ % steps.Count];
    }
}
