namespace EdgeAgent.Uplink;

/// <summary>How the service was met the last time that somebody tried.</summary>
internal enum LineState
{
    /// <summary>Nobody has tried yet: nothing was to be sent.</summary>
    Untried,

    /// <summary>It answered.</summary>
    Online,

    /// <summary>It could not be had, did not answer in time, or did not take what was sent.</summary>
    Offline,
}

/// <summary>The line to the service at one moment.</summary>
/// <param name="State">How it was the last time.</param>
/// <param name="For">How long it has been so.</param>
/// <param name="LastFailure">What went wrong the last time that something did, in words; null where nothing has.</param>
/// <param name="LastFailureAgo">How long ago that was.</param>
internal readonly record struct LineStanding(LineState State, TimeSpan For, string? LastFailure, TimeSpan? LastFailureAgo);

/// <summary>Remembers since when the service answers or does not, and what went wrong last, for people who ask. Uploaders of all lanes write, anybody reads.</summary>
internal sealed class LineJournal(TimeProvider time)
{
    private readonly Lock _gate = new();
    private LineState _state;
    private long _since = time.GetTimestamp();
    private string? _failure;
    private long _failedAt;

    public LineStanding Standing
    {
        get
        {
            lock (_gate)
            {
                return new LineStanding(_state, time.GetElapsedTime(_since), _failure, _failure is null ? null : time.GetElapsedTime(_failedAt));
            }
        }
    }

    /// <summary>The service has answered the opening of a session.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            Enter(LineState.Online);
        }
    }

    /// <summary>A session failed, and the next one waits for a while.</summary>
    /// <param name="reason">Why, in words.</param>
    public void Failed(string reason)
    {
        lock (_gate)
        {
            Enter(LineState.Offline);
            (_failure, _failedAt) = (reason, time.GetTimestamp());
        }
    }

    private void Enter(LineState state)
    {
        if (_state != state)
        {
            (_state, _since) = (state, time.GetTimestamp());
        }
    }
}
