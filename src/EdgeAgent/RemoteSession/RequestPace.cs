namespace EdgeAgent.RemoteSession;

/// <summary>
/// How many requests are taken: a burst at once, and after that one each so often. A service that asks without end is read more slowly, and HTTP/2 holds the rest
/// back on its side. Pure; told the time.
/// </summary>
internal sealed class RequestPace
{
    /// <summary>More than anybody types.</summary>
    public const int Burst = 20;

    /// <summary>Each costs some milliseconds of a small CPU, and perhaps a bus.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private TimeSpan _fullAt; // when the whole burst is free again

    /// <summary>Takes one request.</summary>
    /// <returns>How long to wait before it is read.</returns>
    public TimeSpan Take(TimeSpan now)
    {
        TimeSpan from = _fullAt > now ? _fullAt : now;
        _fullAt = from + Every;
        TimeSpan ahead = _fullAt - now - (Every * Burst);
        return ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero;
    }
}
