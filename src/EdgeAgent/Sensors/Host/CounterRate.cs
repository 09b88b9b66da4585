using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>
/// What a counter of the kernel grew by, a second. A counter that went back began anew: that gives no value, and is where the next one counts
/// from.
/// </summary>
internal sealed class CounterRate(TimeProvider time)
{
    private long _count = -1;
    private long _at;

    /// <param name="count">What the counter says now, never negative; null where it cannot be read.</param>
    public Measured PerSecond(long? count)
    {
        long now = time.GetTimestamp();
        TimeSpan elapsed = time.GetElapsedTime(_at, now);
        long grown = _count < 0 ? -1 : (count ?? -1) - _count;
        (_count, _at) = (count ?? -1, now);
        return count is null ? Measured.None(Quality.Failed)
            : grown < 0 || elapsed <= TimeSpan.Zero ? Measured.None(Quality.NotReady)
            : Measured.Good(grown / elapsed.TotalSeconds);
    }
}
