namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// How long a sensor is left alone: after 1, 2, 4 … failures in a row that many intervals, but 100 ms at least, as a fast sensor would else fill the log
/// and the bus with its absence; and 5 min at most, so that what is plugged in is soon found.
/// </summary>
internal sealed class SensorPatience(TimeSpan interval)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly long _least = (Shortest.Ticks + interval.Ticks - 1) / interval.Ticks;
    private readonly long _most = Math.Max(1, Longest.Ticks / interval.Ticks);
    private int _failures;

    /// <summary>After how many intervals it is tried again; 1 while it is there.</summary>
    public long Slots { get; private set; } = 1;

    public void Tried(bool isPresent)
    {
        _failures = isPresent ? 0 : _failures + 1;
        Slots = isPresent ? 1 : Math.Min(_most, Math.Max(_least, 1L << Math.Min(_failures - 1, 20)));
    }
}
