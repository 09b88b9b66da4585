namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>
/// Finds samples that are missing. Records of a buffer have no sequence: when it is full the kernel drops new ones without a word. What
/// remains are the times, so that a distance of n periods is taken for n - 1 missing samples.
/// </summary>
internal sealed class TimestampGaps(double rate)
{
    private const double NanosecondsPerSecond = 1e9;

    private readonly double _period = NanosecondsPerSecond / rate;
    private long? _last;

    /// <returns>How many samples are missing before this one. A clock that went back tells nothing.</returns>
    public long MissedBefore(long timestamp)
    {
        double periods = _last is { } last ? (timestamp - last) / _period : 1;
        _last = timestamp;
        return Math.Max(0, (long)Math.Round(periods) - 1);
    }
}
