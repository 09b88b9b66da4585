using EdgeAgent.Pacing;

namespace EdgeAgent.RemoteSession;

/// <summary>
/// How many requests are taken: a burst at once, which is more than anybody types, and after that one a second, since each costs some milliseconds of a small CPU,
/// and perhaps a bus. A service that asks without end is read more slowly, and HTTP/2 holds the rest back on its side. Pure; told the time.
/// </summary>
internal sealed class RequestPace
{
    private static readonly CellRate Rate = new(TimeSpan.FromSeconds(1), burst: 20);

    private TimeSpan _full;

    /// <summary>Takes one request.</summary>
    /// <returns>How long to wait before it is read.</returns>
    public TimeSpan Take(TimeSpan now)
    {
        TimeSpan wait = Rate.Wait(_full, now);
        Rate.Take(ref _full, now);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
