namespace EdgeAgent.Uplink;

/// <summary>Keeps to the rate that the service allows: a bucket that holds one second of it. Pure; told the time.</summary>
internal sealed class Pace
{
    private TimeSpan _freeAt;
    private ulong _bytesPerSecond;

    /// <param name="bytesPerSecond">0: no limit.</param>
    public void Limit(ulong bytesPerSecond) => _bytesPerSecond = bytesPerSecond;

    /// <summary>Accounts for bytes that are about to be sent.</summary>
    /// <returns>How long to wait before that.</returns>
    public TimeSpan Take(TimeSpan now, int bytes)
    {
        if (_bytesPerSecond == 0)
        {
            return TimeSpan.Zero;
        }
        TimeSpan fullSince = now - TimeSpan.FromSeconds(1);
        _freeAt = (_freeAt > fullSince ? _freeAt : fullSince) + TimeSpan.FromSeconds((double)bytes / _bytesPerSecond);
        return _freeAt > now ? _freeAt - now : TimeSpan.Zero;
    }
}
