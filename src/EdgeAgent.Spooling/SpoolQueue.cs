namespace EdgeAgent.Spooling;

/// <summary>
/// One lane: records on one monotonic sequence from 1, with watermarks Released ≤ Sent ≤ Committed ≤ Tail, and Released ≤ Secured ≤ Committed.
/// One appender at a time; everything else may be called by any thread.
/// </summary>
public sealed partial class SpoolQueue
{
    private readonly SpoolLane _lane;
    private readonly SpoolSpace _space;
    private readonly SegmentLog _log;
    private readonly TimeProvider _time;
    private readonly CommitPump _pump;
    private TaskCompletionSource? _watch; // completed, and forgotten, when Committed moves
    private bool _closed;
    private long _appendedRecords;
    private long _appendedBytes;

    internal SpoolQueue(SpoolLane lane, SpoolSpace space, SegmentLog log, TimeProvider time)
    {
        _lane = lane;
        _space = space;
        _log = log;
        _time = time;
        _pump = new CommitPump(lane, space, log, time, WakeWatchers);
        log.CommittedMoved = WakeWatchers;
        log.SecuredMoved = () => SecuredMoved?.Invoke();
        log.Broken = reason => _pump.Break(reason);
    }

    /// <summary>The cloud has everything through this sequence, or knows that it is lost.</summary>
    public ulong Released => _log.Released;

    /// <summary>The highest sequence that was sent since the start; at least <see cref="Released"/>.</summary>
    public ulong Sent => _log.Sent;

    /// <summary>
    /// Everything through this sequence may be sent; readers see no further. It is on flash; or memory holds it, where it may (<see
    /// cref="SpoolDurability.OfflineOnly"/>), and flash says that its sequence is never to be given again.
    /// </summary>
    public ulong Committed => _log.Committed;

    /// <summary>
    /// Everything through this sequence survives a power cut, or the cloud has it: whoever waits for an acknowledgement may have it. At most <see
    /// cref="Committed"/>, and the same where all is on flash.
    /// </summary>
    public ulong Secured => _log.Secured;

    /// <summary>Called when <see cref="Secured"/> moves, under a lock: it must be quick, and not call back.</summary>
    public Action? SecuredMoved { get; set; }

    /// <summary>Bytes that memory holds of records that are not on flash.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_space.Gate)
            {
                return _log.HeldBytes;
            }
        }
    }

    /// <summary>
    /// After the spool was disposed: readings that memory held, that the disk did not take at the end, and that the cloud has not confirmed. They
    /// are lost here, and in no ledger.
    /// </summary>
    public ulong ItemsNotWritten { get; private set; }

    /// <summary>The last sequence that was given. It never goes back, not over restarts either.</summary>
    public ulong Tail => _log.Tail;

    /// <summary>
    /// The last sequence that was found on disk when the spool was opened. The first one that is given lies further on where memory was lost.
    /// </summary>
    public ulong FoundAtOpen => _log.Found;

    /// <summary>Payload bytes that are not released. Exact at the ends of segments, in proportion to the sequence between them.</summary>
    public long BacklogBytes
    {
        get
        {
            lock (_space.Gate)
            {
                return Backlog.Bytes(_log);
            }
        }
    }

    /// <summary>
    /// How long the oldest unreleased record has waited, by the monotonic clock and in proportion to the sequence within its segment;
    /// zero where there is none. For what an earlier run left, the time since the start.
    /// </summary>
    public TimeSpan OldestAge
    {
        get
        {
            lock (_space.Gate)
            {
                return Backlog.OldestAppended(_log) is { } appended ? _time.GetElapsedTime(appended) : TimeSpan.Zero;
            }
        }
    }

    /// <summary>The last append found no room.</summary>
    internal bool IsFull { get; private set; }

    internal long AppendedRecords => Interlocked.Read(ref _appendedRecords);

    internal long AppendedBytes => Interlocked.Read(ref _appendedBytes);

    /// <summary>
    /// Completes when everything appended before the call is committed. Callers that come while a sync is on its way share the next one.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, not the commit.</param>
    /// <exception cref="SpoolBrokenException">A write failed, now or before. Open the spool again.</exception>
    /// <exception cref="SpoolFullException">The disk does not take what memory holds. Nothing is lost; try again.</exception>
    public ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        Task done;
        lock (_space.Gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            done = _pump.Join();
        }
        return new ValueTask(cancellationToken.CanBeCanceled ? done.WaitAsync(cancellationToken) : done);
    }

    /// <summary>
    /// A reader of the committed records. It starts at a sequence, or behind <see cref="Released"/> where that is higher.
    /// </summary>
    public SpoolReader OpenReader(ulong fromSequence) => new(_lane, _space, _log, fromSequence);

    /// <summary>
    /// Reads from a sequence on what is still on disk, also at or below <see cref="Released"/> as long as its segment is there.
    /// </summary>
    public LookBack LookBack(ulong fromSequence) => new(_space, _log, fromSequence);

    /// <summary>Everything through this sequence was sent. It never moves back, nor past <see cref="Committed"/>.</summary>
    public void MarkSent(ulong through)
    {
        lock (_space.Gate)
        {
            _log.MarkSent(through);
        }
    }

    /// <summary>
    /// The cloud's word: everything through this sequence is durable there. Whole segments behind it are freed. Writes and syncs the
    /// mark when there is one to free.
    /// </summary>
    public ReleaseResult Release(ulong through)
    {
        lock (_space.Gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (through <= _log.Released)
            {
                _log.ForgetGivenBefore();
                return ReleaseResult.AlreadyReleased;
            }
            if (through > _log.Committed)
            {
                return ReleaseResult.AheadOfSpool;
            }
            _log.Release(through);
            return ReleaseResult.Released;
        }
    }

    /// <summary>
    /// Sets one committed record aside for good, as the cloud will never take it: readers find a gap of cause <see
    /// cref="LossCause.Refused"/> in its place, over restarts too. Its payload is kept in the quarantine, as long as there is room. False where there is no
    /// such record any more.
    /// </summary>
    public bool Refuse(ulong sequence)
    {
        using SpoolReader reader = OpenReader(sequence);
        if (sequence <= Released || reader.Read(out SpoolRecord record) != ReadResult.Record || record.Sequence != sequence)
        {
            return false;
        }
        lock (_space.Gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            bool gone = sequence <= _log.Released
                || (_space.Ledger.TryFind(_lane, sequence, out SpoolGap known) && known.From <= sequence);
            if (!gone)
            {
                // First, so that a power cut in between leaves it twice and not nowhere.
                _space.KeepRefused(_lane, sequence, record.Payload.Span);
                _space.Ledger.Add(_lane, new SpoolGap(sequence, sequence, record.Items, LossCause.Refused));
            }
            return !gone;
        }
    }

    /// <summary>
    /// Completes with true as soon as <see cref="Committed"/> is past a sequence, with false when the spool is closed before.
    /// </summary>
    /// <exception cref="SpoolBrokenException">A write failed, so that it never will be.</exception>
    public async ValueTask<bool> WaitForCommittedAsync(ulong after, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task moved;
            lock (_space.Gate)
            {
                if (_log.Committed > after)
                {
                    return true;
                }
                if (_closed)
                {
                    return false;
                }
                ThrowIfUnusable();
                _watch ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                moved = _watch.Task;
            }
            await moved.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the uplink knows of trouble. Then memory holds nothing any more.</summary>
    internal void ReportTrouble(bool isInTrouble)
    {
        lock (_space.Gate)
        {
            _log.ReportTrouble(isInTrouble);
            _pump.Write();
        }
    }

    /// <summary>Under the gate, when everything else has ended: memory's last chance, also where the lane is broken.</summary>
    internal void WriteHeld()
    {
        if (!_log.IsAnyHeld)
        {
            return;
        }
        try
        {
            _log.WriteHeld();
        }
        catch (SpoolFullException)
        {
            ItemsNotWritten = _log.CountHeldItems();
        }
    }

    /// <summary>Commits what is left and wakes everybody who waits.</summary>
    internal async Task CloseAsync()
    {
        Task done;
        lock (_space.Gate)
        {
            _closed = true;
            done = _pump.Fault is null ? _pump.Join() : Task.CompletedTask;
        }
        try
        {
            await done.ConfigureAwait(false);
        }
        finally
        {
            lock (_space.Gate)
            {
                WakeWatchers();
            }
            _pump.Close();
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_pump.Fault is { } fault)
        {
            throw new SpoolBrokenException(_lane, fault);
        }
    }

    private void WakeWatchers()
    {
        _watch?.TrySetResult();
        _watch = null;
    }
}
