using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// Group commit for one lane. While one sync is on its way, everybody who asks for a commit joins the next one, so the slower the disk,
/// the larger the groups. It runs on a pool thread while there is something to commit; when idle there is no thread and no timer.
/// </summary>
internal sealed class CommitPump : IThreadPoolWorkItem
{
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

    /// <summary>Under the gate. The task ends when everything appended up to now is durable.</summary>
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

    public void Close() => _timer.Dispose();

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

    private bool TryCommitOnce()
    {
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
            _joining = null;
            _due = false;
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
        group?.TrySetResult();
        return true;
    }

    private void Fail(TaskCompletionSource? group, Exception reason)
    {
        _running = false;
        // A write that found no room has lost nothing: it is all still in the writer, and the next commit tries again.
        Exception outcome = reason is DiskFullException ? new SpoolFullException(_lane, reason) : Break(reason);
        group?.TrySetException(outcome);
    }
}
