namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// The instants at which a sensor is to be read, in nanoseconds:
/// <code>
/// slot := phase + n × interval          since 1970-01-01T00:00:00Z
/// </code>
/// </summary>
internal readonly struct SamplingGrid(TimeSpan interval, TimeSpan phase)
{
    /// <summary>A hundredth of the interval: less than any reader of the values could mind.</summary>
    private const int PartsOfInterval = 100;

    private const long LongestTolerance = 50_000_000;
    private const long CoarsestGrain = 100_000_000;

    private readonly long _phase = phase.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>From one slot to the next.</summary>
    public long Interval { get; } = interval.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>
    /// So far from its slot a poll still counts as in time: a hundredth of the interval, and at most 50 ms. So much earlier it is done where the
    /// machine is awake for another sensor.
    /// </summary>
    public long Tolerance => Math.Min(Interval / PartsOfInterval, LongestTolerance);

    public long AtOrAfter(long unixNanoseconds)
    {
        long past = Past(unixNanoseconds);
        return past == 0 ? unixNanoseconds : unixNanoseconds + Interval - past;
    }

    public long Nearest(long unixNanoseconds) => AtOrAfter(unixNanoseconds - (Interval / 2));

    /// <summary>A time that is on no slot, to a hundredth of the interval and at most 100 ms: more is jitter, which would only cost bytes.</summary>
    public long Rounded(long unixNanoseconds)
    {
        long grain = Math.Min(Interval / PartsOfInterval, CoarsestGrain);
        return (unixNanoseconds + (grain / 2)) / grain * grain;
    }

    private long Past(long unixNanoseconds)
    {
        long past = (unixNanoseconds - _phase) % Interval;
        return past < 0 ? past + Interval : past;
    }
}
