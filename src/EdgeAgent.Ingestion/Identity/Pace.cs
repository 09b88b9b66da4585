using EdgeAgent.Pacing;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>A <see cref="CellRate"/> with its one instant and its clock, for several threads.</summary>
/// <param name="interval">Between two, once the burst is used.</param>
/// <param name="burst">How many at once.</param>
/// <param name="time">Its monotonic clock.</param>
internal sealed class Pace(TimeSpan interval, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private readonly CellRate _rate = new(interval, burst);
    private TimeSpan _full;

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>There is a place now.</summary>
    public bool HasPlace
    {
        get
        {
            lock (_gate)
            {
                return _rate.Wait(_full, Now) <= TimeSpan.Zero;
            }
        }
    }

    /// <summary>Takes the next place.</summary>
    /// <param name="patience">Where it is further away than this none is taken.</param>
    /// <returns>How long to wait for it; null where none was taken.</returns>
    public TimeSpan? Take(TimeSpan patience)
    {
        lock (_gate)
        {
            TimeSpan now = Now;
            TimeSpan wait = _rate.Wait(_full, now);
            if (wait > patience)
            {
                return null;
            }
            _rate.Take(ref _full, now);
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }
}
