using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// Group commit for one lane. While one sync is on its way, everybody who asks for a commit joins the next one, so the slower the disk,
/// the larger the groups. It runs on a pool thread while there is something to commit; when idle there is no thread and no timer.
/// </summary>
internal sealed class CommitPump : IThreadPoolWorkItem
{
    /// <summary>How long to leave a disk alone that has not taken what memory holds.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly SpoolLane _lane;
    private readonly SpoolSpace _space;
    private readonly SegmentLog _log;
    private readonly Action _broken;
    private readonly TimeSpan _window;
    private readonly ITimer _timer;
    private TaskCompletionSource? _joining; // the group that the next sync will serve
    private bool _running;
    private bool _due;                      // the window is over: commit though nobody asked
    private bool _timerSet;
    private readonly ITimer? _holdTimer; // where memory may hold records
    private bool _holdTimerSet;
    private Exception? _fault;

    /// <param name="lane">For messages.</param>
    /// <param name="space">The gate.</param>
    /// <param name="log">What is committed.</param>
    /// <param name="time">The clock of the commit window.</param>
    /// <param name="broken">Called under the gate when Committed will move no more.</param>
    public CommitPump(SpoolLane lane, SpoolSpace space, SegmentLog log, TimeProvider time, Action broken)
    {
        _lane = lane;
        _space = space;
        _log = log;
        _broken = broken;
        _window = space.Options.CommitWindow;
        _timer = time.CreateTimer(
            static pump => ((CommitPump)pump!).OnWindowOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _holdTimer = !space.Options.MayHold(lane) ? null : time.CreateTimer(
            static pump => ((CommitPump)pump!).OnHoldOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Under the gate. Why this lane cannot write any more, or null.</summary>
    public Exception? Fault => _fault;

    /// <summary>Under the gate. Nothing will be committed any more; everybody who waits is told.</summary>
    public SpoolBrokenException Break(Exception reason)
    {
        _fault ??= reason;
        _log.IsBroken = true;
        var broken = new SpoolBrokenException(_lane, _fault);
        _joining?.TrySetException(broken);
        _joining = null;
        _broken();
        return broken;
    }

    /// <summary>Under the gate. Something was appended: it will be committed when the window is over.</summary>
    public void OnAppended()
    {
        WatchHold();
        if (_window == TimeSpan.Zero)
        {
            _due = true;
            Start();
        }
        else if (!_timerSet && _window != Timeout.InfiniteTimeSpan)
        {
            _timerSet = true;
            _timer.Change(_window, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Under the gate. What memory holds is to be written, as soon as may be.</summary>
    public void Write()
    {
        if (_log.IsWritingDue && _fault is null)
        {
            _due = true;
            Start();
        }
    }

    /// <summary>Under the gate. The task ends when everything appended up to now is committed.</summary>
    public Task Join()
    {
        if (_fault is not null)
        {
            throw new SpoolBrokenException(_lane, _fault);
        }
        if (_log.Committed == _log.Tail)
        {
            return Task.CompletedTask;
        }
        _joining ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start();
        return _joining.Task;
    }

    public void Execute()
    {
        while (TryCommitOnce())
        {
        }
    }

    public void Close()
    {
        _timer.Dispose();
        _holdTimer?.Dispose();
    }

    private void Start()
    {
        if (!_running)
        {
            _running = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void OnWindowOver()
    {
        lock (_space.Gate)
        {
            _timerSet = false;
            if (_log.Committed < _log.Tail && _fault is null)
            {
                _due = true;
                Start();
            }
        }
    }

    /// <summary>Under the gate. Looks again when memory may not hold its oldest record any longer.</summary>
    private void WatchHold()
    {
        if (!_holdTimerSet && _log.HoldLeft is { } left)
        {
            _holdTimerSet = true;
            _holdTimer!.Change(left > RetryAfter ? left : RetryAfter, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnHoldOver()
    {
        lock (_space.Gate)
        {
            _holdTimerSet = false;
            if (_log.HoldLeft <= TimeSpan.Zero)
            {
                _log.StopHolding();
            }
            Write();
            WatchHold();
        }
    }

    /// <returns>Why what memory holds could not be written; null where it could, or need not be.</returns>
    private SpoolFullException? WriteHeldIfDue()
    {
        lock (_space.Gate)
        {
            if (!_log.IsWritingDue)
            {
                return null;
            }
        }
        try
        {
            lock (_space.Rolling)
            {
                _space.MakeRoom();
                lock (_space.Gate)
                {
                    if (_log.IsWritingDue)
                    {
                        _log.WriteHeld();
                    }
                }
            }
            return null;
        }
        catch (SpoolFullException full)
        {
            return full;
        }
        catch (Exception failed) when (SpoolBrokenException.IsReason(failed))
        {
            return new SpoolFullException(_lane, failed);
        }
    }

    private bool TryCommitOnce()
    {
        SpoolFullException? unwritten = WriteHeldIfDue();
        TaskCompletionSource? group;
        Position target;
        Segment? segment;
        lock (_space.Gate)
        {
            group = _joining;
            if (_fault is not null || (group is null && !_due))
            {
                _running = false;
                return false;
            }
            if (unwritten is null && _log.IsWritingDue)
            {
                // Only just.
                return true;
            }
            _joining = null;
            _due = false;
            if (unwritten is not null && _log.MustBeWritten)
            {
                Fail(group, unwritten);
                return false;
            }
            try
            {
                target = _log.WriteOut();
            }
            catch (Exception failed) when (SpoolBrokenException.IsReason(failed))
            {
                Fail(group, failed);
                return false;
            }
            segment = _log.Committed < target.Sequence ? _log.Newest : null;
        }
        try
        {
            segment?.File.Sync();
        }
        catch (ObjectDisposedException) when (segment!.Dropped)
        {
            // The appender rolled meanwhile, which committed the segment, and then dropped it for want of space.
        }
        catch (Exception failed) when (SpoolBrokenException.IsReason(failed))
        {
            lock (_space.Gate)
            {
                Fail(group, failed);
            }
            return false;
        }
        lock (_space.Gate)
        {
            try
            {
                _log.AdvanceCommitted(target);
            }
            catch (Exception failed) when (SpoolBrokenException.IsReason(failed))
            {
                Fail(group, failed);
                return false;
            }
        }
        if (unwritten is not null)
        {
            // Committed all the same: the cloud may take it out of memory while the disk does not.
            group?.TrySetException(unwritten);
            lock (_space.Gate)
            {
                // Not tried again at once for nobody.
                _running = _joining is not null || _due;
                return _running;
            }
        }
        group?.TrySetResult();
        return true;
    }

    private void Fail(TaskCompletionSource? group, Exception reason)
    {
        _running = false;
        // A write that found no room has lost nothing: it is all still in the writer, and the next commit tries again.
        Exception outcome = reason switch
        {
            SpoolFullException => reason,
            DiskFullException => new SpoolFullException(_lane, reason),
            _ => Break(reason),
        };
        group?.TrySetException(outcome);
    }
}
