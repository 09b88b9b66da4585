namespace EdgeAgent.Uplink;

/// <summary>
/// What the service asked one lane to wait for. What it asks is the least: up to a quarter comes on top, because it may have asked a whole fleet in the same
/// words. Pure; told the time.
/// </summary>
internal sealed class RequestedWait(Random random)
{
    /// <summary>A day. What a service asks beyond that is taken for a mistake, and cut.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private TimeSpan _notBefore;
    private bool _isStartObeyed;
    private bool _hasFlowed;

    public static TimeSpan Bounded(ulong milliseconds) =>
        TimeSpan.FromMilliseconds(Math.Min(milliseconds, (ulong)Longest.TotalMilliseconds));

    /// <summary>What is left to be waited for; not above zero where nothing is.</summary>
    public TimeSpan Left(TimeSpan now) => _notBefore - now;

    /// <summary>A receipt asked for a pause. A shorter one does not take a longer one back.</summary>
    public void Ask(TimeSpan now, TimeSpan wait)
    {
        TimeSpan until = now + Spread(wait);
        _notBefore = until > _notBefore ? until : _notBefore;
    }

    /// <summary>
    /// The headers asked for a pause before old data. It is meant to draw a returning fleet apart, so it is obeyed once for each time that the connection was
    /// lost while data flowed: a failure during the pause neither forgets nor prolongs it.
    /// </summary>
    /// <returns>True where the pause begins.</returns>
    public bool AskStart(TimeSpan now, TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero || _isStartObeyed)
        {
            return false;
        }
        (_isStartObeyed, _hasFlowed) = (true, false);
        Ask(now, wait);
        return true;
    }

    /// <summary>Something was sent and acknowledged.</summary>
    public void OnFlow() => _hasFlowed = true;

    /// <summary>The line or the service is gone.</summary>
    public void OnLost() => _isStartObeyed &= !_hasFlowed;

    public TimeSpan Spread(TimeSpan wait) => wait * (1 + (random.NextDouble() / 4));
}
