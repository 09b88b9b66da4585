using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;

namespace EdgeAgent.Batching;

/// <summary>
/// The batches that are appended and not known to be on disk, oldest first, and the one commit that may be under way:
/// <code>on disk … | covered by the commit under way | appended | closed, and still to be appended</code>
/// The last part is empty unless the disk was full or failed just then.
/// </summary>
internal sealed class SpoolCommits(Wake wake, LostReadings lost, Freshness freshness, AgentMetrics metrics, Heartbeat heart)
{
    /// <summary>
    /// Batches that may wait for a disk before the channel is no longer read. Eight of 64 KiB are what an SD card that pauses for half a
    /// second owes to 1 MiB/s of readings; both batches close at once, hence two less before another one is begun.
    /// </summary>
    private const int Maximum = 8;

    private readonly List<UncommittedBatch> _batches = [];
    private readonly Stack<UncommittedBatch> _spare = new();
    private readonly LossReport _losses = new(lost);
    private int _covered;
    private int _appended;
    private Task? _underWay;
    private SpoolQueue? _queue; // of the last commit: the lane of which memory may hold something
    private ulong _through;

    public bool IsUnderWay => _underWay is not null;

    public bool IsAnyAppended => _appended > _covered || _losses.IsAnyTold;

    /// <summary>No further batch may be begun before a commit is done.</summary>
    public bool IsCrowded => _batches.Count > Maximum - 2;

    /// <summary>What no commit has covered yet of readings that nobody else has.</summary>
    public Risk Risk
    {
        get
        {
            Risk risk = Risk.None;
            foreach (UncommittedBatch batch in _batches)
            {
                risk = risk.With(batch.AtRisk, batch.Since);
            }
            return risk;
        }
    }

    /// <summary>An empty batch to encode into.</summary>
    public UncommittedBatch Rent() => _spare.TryPop(out UncommittedBatch? batch) ? batch : new UncommittedBatch();

    public void Return(UncommittedBatch batch) => _spare.Push(batch);

    /// <exception cref="SpoolFullException">The batch is kept for <see cref="AppendPending"/>.</exception>
    /// <exception cref="SpoolBrokenException">The batch is kept for <see cref="AppendLost"/>.</exception>
    public void Append(Spool spool, UncommittedBatch batch)
    {
        _batches.Add(batch);
        AppendPending(spool);
    }

    /// <summary>Appends the batches that found no room before.</summary>
    /// <exception cref="SpoolFullException">One of them still finds none.</exception>
    /// <exception cref="SpoolBrokenException">The disk failed.</exception>
    public void AppendPending(Spool spool)
    {
        while (_appended < _batches.Count)
        {
            AppendNext(spool);
        }
    }

    /// <summary>Appends the numbers of the readings that were lost in memory. No room is needed for them.</summary>
    /// <exception cref="SpoolFullException">Too many wait for a commit; they are kept.</exception>
    /// <exception cref="SpoolBrokenException">The disk failed; they are kept.</exception>
    public void AppendLosses(Spool spool) => _losses.AppendTo(spool);

    /// <summary>Gives up the batches that found no room, or all where there is no spool any more.</summary>
    /// <returns>How many readings are lost by that: those whose senders do not keep them.</returns>
    public long GiveUp(bool isSpoolGone)
    {
        _appended = isSpoolGone ? 0 : _appended;
        long readings = 0;
        foreach (UncommittedBatch batch in _batches.Skip(_appended))
        {
            lost.Add(batch.Lane, batch.AtRisk);
            readings += batch.AtRisk;
        }
        _batches.RemoveRange(_appended, _batches.Count - _appended);
        return readings;
    }

    /// <summary>Starts a commit that covers everything appended so far, and wakes when it is done.</summary>
    public void Start(Spool spool)
    {
        _covered = _appended;
        _losses.StartCommit();
        _queue = spool[SpoolLane.Live];
        _through = _queue.Tail;
        heart.Turn();
        _underWay = CommitAsync(spool);
        // Hung behind the task and not into it: whoever is woken finds it completed.
        _underWay.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(wake.Signal);
    }

    /// <summary>Takes the result of the commit under way, if it is done.</summary>
    /// <param name="deliveries">Of whom those are told that it covers.</param>
    /// <param name="unsecured">Gets it, until flash or the cloud has all of it.</param>
    /// <param name="failure">Why the disk does not work; null where it does, or where nothing is known yet.</param>
    /// <returns>True where everything covered is committed.</returns>
    public bool TryFinish(WaitingDeliveries deliveries, UnsecuredCommits unsecured, out Exception? failure)
    {
        failure = null;
        if (_underWay is not { IsCompleted: true } done)
        {
            return false;
        }
        _underWay = null;
        heart.Rest();
        if (!done.IsCompletedSuccessfully)
        {
            _covered = 0;
            _losses.AbandonCommit();
            failure = done.Exception!.InnerException;
            return false;
        }
        Risk risk = Risk.None;
        for (int i = 0; i < _covered; i++)
        {
            UncommittedBatch batch = _batches[i];
            risk = batch.Lane == SpoolLane.Live ? risk.With(batch.AtRisk, batch.Since) : risk;
            _spare.Push(batch);
        }
        unsecured.Add(_queue!, _through, deliveries.Committed(), risk);
        _batches.RemoveRange(0, _covered);
        _appended -= _covered;
        _covered = 0;
        _losses.Committed();
        metrics.SpoolCommits.Add();
        return true;
    }

    /// <summary>The spool is being closed: from now on whoever closes it is waited for, and not its commit.</summary>
    public void OnClosing() => heart.Rest();

    /// <summary>The spool is about to be replaced: whatever its commit says no longer counts.</summary>
    public async ValueTask AbandonAsync()
    {
        if (_underWay is { } commit)
        {
            _underWay = null;
            await commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _covered = 0;
        _losses.AbandonCommit();
    }

    /// <summary>The spool was opened anew: appends, in their order, the batches that recovery did not find.</summary>
    /// <exception cref="SpoolFullException">Those that found no room are kept for the next opening.</exception>
    /// <exception cref="SpoolBrokenException">The disk failed again; what is not in the spool is kept for the next opening.</exception>
    public void AppendLost(OpenedSpool opened, BatchRewriter rewriter, int maximumPayloadBytes)
    {
        _losses.Reopened(opened);
        // A spool that was made anew has nothing, whatever number the batch had in the old one.
        _batches.RemoveAll(batch =>
        {
            bool survived = opened.HasFound(batch.Spool, batch.Lane, batch.Sequence);
            if (survived)
            {
                _spare.Push(batch);
            }
            return survived;
        });
        // Forgotten, lest the number of one that is still to be appended be taken for another's at the next failure.
        _batches.ForEach(static batch => batch.Spool = Guid.Empty);
        _appended = 0;
        foreach (UncommittedBatch batch in _batches)
        {
            rewriter.Rewrite(batch, opened, maximumPayloadBytes);
            AppendNext(opened.Spool);
        }
    }

    private void AppendNext(Spool spool)
    {
        UncommittedBatch batch = _batches[_appended];
        SpoolQueue queue = spool[batch.Lane];
        // Noted before the attempt: one that fails half-way may be on disk all the same, and recovery then finds it under this number.
        (batch.Spool, batch.Sequence) = (spool.Id, queue.Tail + 1);
        // A message that its sender will send again must be found here by then, or it would be stored twice.
        queue.Append(batch.Bytes.WrittenSpan, batch.Readings, mustBeWritten: batch.Marks.WrittenCount > 0);
        _appended++;
        if (batch.Lane == SpoolLane.Live)
        {
            freshness.Appended(batch.Sequence, batch.Newest, queue.Released);
        }
        if (!batch.IsCounted)
        {
            batch.IsCounted = true;
            metrics.BatchesClosed.Add();
            metrics.ReadingsBatched.Add(batch.Readings);
        }
    }

    private static async Task CommitAsync(Spool spool)
    {
        // A lane with nothing to commit costs nothing.
        Task alarm = spool[SpoolLane.Alarm].CommitAsync().AsTask();
        Task live = spool[SpoolLane.Live].CommitAsync().AsTask();
        Task backlog = spool[SpoolLane.Backlog].CommitAsync().AsTask();
        await Task.WhenAll(alarm, live, backlog).ConfigureAwait(false);
    }
}
