namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// So many at once, and after that one in each interval (the generic cell rate algorithm of ITU-T I.371: one instant is all that has to be kept).
/// </summary>
/// <param name="interval">Between two, once the burst is used.</param>
/// <param name="burst">How many at once.</param>
/// <param name="time">Its monotonic clock.</param>
internal sealed class Pace(TimeSpan interval, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();

    /// <summary>When all of the burst would be free again.</summary>
    private TimeSpan _full;

    /// <summary>There is a place now.</summary>
    public bool HasPlace
    {
        get
        {
            lock (_gate)
            {
                return Wait(out _) <= TimeSpan.Zero;
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
            TimeSpan wait = Wait(out TimeSpan from);
            if (wait > patience)
            {
                return null;
            }
            _full = from + interval;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    private TimeSpan Wait(out TimeSpan from)
    {
        TimeSpan now = time.GetElapsedTime(_origin);
        from = _full > now ? _full : now;
        return from - now - (interval * (burst - 1));
    }
}
