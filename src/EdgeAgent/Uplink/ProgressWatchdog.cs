namespace EdgeAgent.Uplink;

/// <summary>
/// Sees that one lane makes progress: while it has something to send, what is acknowledged must advance within a time, whatever else the line does meanwhile.
/// Deadlines of single steps do not see a peer that answers each of them and acknowledges nothing. Pure; told the time.
/// </summary>
/// <param name="within">The time, without what the bytes on their way may take.</param>
internal sealed class ProgressWatchdog(TimeSpan within)
{
    private TimeSpan? _since;

    /// <summary>How often in a row the time has passed without an acknowledgement.</summary>
    public int Fruitless { get; private set; }

    /// <summary>There is something to send, and from now on nothing but the line and the service keeps it from being acknowledged.</summary>
    public void Expect(TimeSpan now) => _since ??= now;

    /// <summary>Nothing is to be sent, or it waits for something that was asked for.</summary>
    public void Rest() => _since = null;

    /// <summary>More is acknowledged than before.</summary>
    public void Advance(TimeSpan now) => (_since, Fruitless) = (_since is null ? null : now, 0);

    /// <summary>How long a session may still go on without an acknowledgement; the longest there is where nothing is expected.</summary>
    /// <param name="begun">When the session began: what was waited before it, for another attempt to be due, is not the session's fault.</param>
    /// <param name="now">The time.</param>
    /// <param name="onItsWay">What the bytes on their way may take.</param>
    public TimeSpan Left(TimeSpan begun, TimeSpan now, TimeSpan onItsWay) =>
        _since is { } since ? (since > begun ? since : begun) + within + onItsWay - now : TimeSpan.MaxValue;

    /// <summary>Asked when a session has failed.</summary>
    /// <returns>True once each time that the time is over; it begins anew then.</returns>
    public bool IsOver(TimeSpan now, TimeSpan onItsWay)
    {
        if (Left(TimeSpan.MinValue, now, onItsWay) > TimeSpan.Zero)
        {
            return false;
        }
        (_since, Fruitless) = (now, Fruitless + 1);
        return true;
    }
}
