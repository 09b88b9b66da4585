namespace EdgeAgent.Batching;

/// <summary>
/// When the batch of one lane closes. Pure: it is told what happened and when, on a clock that only counts, and owns no timer.
/// <code>
/// full     readings ≥ MaximumReadings or bytes ≥ MaximumBytes
/// aged     first reading + MaximumAge
/// settled  awaited, and last reading + AcknowledgeSettle
/// overdue  first awaited + AcknowledgeWithin
/// </code>
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="urgent">Every reading counts as awaited: an alarm does not lie about for a minute because nobody asked for an acknowledgement.</param>
internal sealed class BatchPolicy(BatchOptions options, bool urgent = false)
{
    private TimeSpan _first;
    private TimeSpan _last;
    private TimeSpan _awaitedSince = TimeSpan.MaxValue;

    public bool IsOpen { get; private set; }

    /// <summary>When the first reading joined the batch that is open.</summary>
    public TimeSpan Since => _first;

    /// <summary>When the last one did.</summary>
    public TimeSpan Newest => _last;

    /// <summary>When to look again if nothing happens before; <see cref="TimeSpan.MaxValue"/> where there is nothing to close.</summary>
    public TimeSpan Due
    {
        get
        {
            if (!IsOpen)
            {
                return TimeSpan.MaxValue;
            }
            TimeSpan due = _first + options.MaximumAge;
            return _awaitedSince == TimeSpan.MaxValue
                ? due
                : Earlier(due, Earlier(_last + options.AcknowledgeSettle, _awaitedSince + options.AcknowledgeWithin));
        }
    }

    /// <summary>A reading joined the batch.</summary>
    public void Added(TimeSpan now)
    {
        if (!IsOpen)
        {
            IsOpen = true;
            _first = now;
        }
        _last = now;
        if (urgent)
        {
            Awaited(now);
        }
    }

    /// <summary>Somebody now waits until what the batch holds is durable. Nothing to hurry where the batch is empty.</summary>
    public void Awaited(TimeSpan now)
    {
        if (IsOpen && _awaitedSince == TimeSpan.MaxValue)
        {
            _awaitedSince = now;
        }
    }

    public bool IsFull(int readings, int bytes) => readings >= options.MaximumReadings || bytes >= options.MaximumBytes;

    public BatchClosing At(TimeSpan now, int readings, int bytes)
    {
        if (!IsOpen)
        {
            return BatchClosing.NotYet;
        }
        if (IsFull(readings, bytes))
        {
            return BatchClosing.Full;
        }
        if (now >= _first + options.MaximumAge)
        {
            return BatchClosing.Aged;
        }
        if (_awaitedSince == TimeSpan.MaxValue)
        {
            return BatchClosing.NotYet;
        }
        if (now >= _awaitedSince + options.AcknowledgeWithin)
        {
            return BatchClosing.Overdue;
        }
        return now >= _last + options.AcknowledgeSettle ? BatchClosing.Settled : BatchClosing.NotYet;
    }

    /// <summary>The batch is gone; the next reading opens another one.</summary>
    public void Closed()
    {
        IsOpen = false;
        _awaitedSince = TimeSpan.MaxValue;
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
