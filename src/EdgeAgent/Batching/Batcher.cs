using EdgeAgent.Diagnostics;
using EdgeAgent.Flash;
using EdgeAgent.Processing;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Batching;

/// <summary>
/// The pump from the channel to the spool. It moves readings into batches, appends those that <see cref="BatchPolicy"/> closes, and
/// tells whoever waits once the commit that covers them is done. While one commit is under way the next batches fill, which makes the
/// group of the next commit. It sleeps until the channel, its one timer or a commit wakes it.
/// </summary>
internal sealed partial class Batcher : BackgroundService
{
    /// <summary>How long to leave a disk alone that is full or has failed. Short enough to follow the uplink freeing segments.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Each time that a disk fails or cannot be opened the pause doubles up to this, as an attempt is a recovery, which reads a segment and writes. And for
    /// this long a disk that was opened again has to work before it is trusted again.
    /// </summary>
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the ledger is told of what was lost in memory, each an entry and a sync of its own. So many are lost to the books as well if the power
    /// fails just then.
    /// </summary>
    private static readonly TimeSpan TellLossesEvery = TimeSpan.FromMinutes(1);

    /// <summary>
    /// While a crowd is coming back its number is looked at this often: a small part of what a commit takes on flash, and no timer is
    /// finer.
    /// </summary>
    private static readonly TimeSpan CrowdNap = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// While somebody waits for a batch to close, arrivals are gathered by the timer instead of one by one, as long as fewer than this came
    /// between two looks: a quarter of the channel, so that no writer ever waits for the nap.
    /// </summary>
    private const int NapBelow = ReadingChannel.DefaultCapacity / 4;

    /// <summary>
    /// For a turn, and for a commit. Cards that collect their garbage keep a write waiting for seconds, and worn ones for ten or twenty; what takes longer
    /// does not come back by itself.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Opening a spool reads a header of each of some thousand segments, and a whole one, from a disk that has just failed.</summary>
    private static readonly TimeSpan PatienceWithRecovery = TimeSpan.FromMinutes(2);

    private readonly ReadingChannel _channel;
    private readonly SeriesCatalog _catalog;
    private readonly BatchOptions _options = new();
    private readonly SpoolSlot _slot;
    private readonly TimeProvider _time;
    private readonly AgentMetrics _metrics;
    private readonly ILogger<Batcher> _logger;
    private readonly OpenBatches _open;
    private readonly ReadingProcessor _processor;
    private readonly RuleSummary _rules;
    private readonly SpoolCommits _commits;
    private readonly SpaceWatch _space;
    private readonly Freshness _freshness = new();
    private readonly WaitingDeliveries _deliveries = new();
    private readonly UnsecuredCommits _unsecured = new();
    private readonly Wake _wake = new();
    private readonly PumpErrands _errands;
    private readonly ChannelWatch _watch;
    private readonly long _origin;
    private readonly DueTimer _timer;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SpoolAlarm _alarm;
    private readonly FlashWatch _flash;
    private readonly Heartbeat _heart;
    private TimeSpan _retryAt;
    private TimeSpan _pause = RetryAfter;
    private TimeSpan _trustedAt;
    private long _atRiskSince = long.MaxValue; // ticks of Now
    private long _taken; // readings from the channel
    private TimeSpan _tellLossesAt;
    private int _state;
    private CancellationToken _stopping;

    public Batcher(
        ReadingChannel channel, SeriesCatalog catalog, BatchOptions options, FlashOptions flash, SpoolSlot slot, TimeProvider time, AgentMetrics metrics,
        Heartbeats hearts, ILogger<Batcher> logger)
    {
        (_channel, _catalog, _slot, _time, _metrics, _logger) = (channel, catalog, slot, time, metrics, logger);
        // Its own: they change while it runs.
        _options.Use(options);
        // It sleeps until something wakes it, so it is woken to prove that it can be.
        _heart = hearts.Add("the batcher", Patience, knock: _wake.Signal);
        _commits = new SpoolCommits(_wake, channel.Lost, _freshness, metrics, hearts.Add("the disk, which a commit waits for", Patience));
        _space = new SpaceWatch(metrics, time, logger);
        _alarm = new SpoolAlarm(channel.Lost, metrics, time, logger);
        _open = new OpenBatches(catalog, _options, _commits, channel.Lost, metrics, logger);
        _processor = new ReadingProcessor(catalog, _open, metrics, logger);
        _rules = new RuleSummary(catalog.Rules, metrics, logger);
        _errands = new PumpErrands(_wake);
        _watch = new ChannelWatch(channel.Reader, _wake);
        _timer = new DueTimer(time, _wake);
        _origin = time.GetTimestamp();
        metrics.LossWindow.Source = AgeAtRisk;
        metrics.Freshness.Source = () => slot.Opened is { } opened ? _freshness.Age(Now, opened.Spool[SpoolLane.Live].Released) : null;
        _flash = new FlashWatch(flash, slot.Folder, Now, metrics, logger);
    }

    /// <summary>For the diagnostics page and for tests.</summary>
    public BatcherState State
    {
        get => (BatcherState)Volatile.Read(ref _state);
        private set => Volatile.Write(ref _state, (int)value);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>
    /// Returns when the pump runs: a stop that came before it had begun would cancel it, and leave undrained what is in the channel.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_slot.Obstacle is { } obstacle)
        {
            State = Unavailable(obstacle);
        }
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
        await _begun.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _begun.SetResult();
        // Sources were stopped before. Ending the channel makes the pump drain; it ends by itself.
        using CancellationTokenRegistration stop = stoppingToken.Register(() =>
        {
            _channel.Complete();
            _wake.Set();
        });
        _stopping = stoppingToken;
        try
        {
            await PumpAsync().ConfigureAwait(false);
        }
        finally
        {
            // Where the pump ended in order nobody is left. Where it did not, whoever waits must not wait for ever.
            _deliveries.FailAll();
            _errands.End();
            _rules.Tell(Now);
            _flash.Close();
            await _timer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task PumpAsync()
    {
        while (State != BatcherState.Ended)
        {
            _heart.Turn();
            BatcherState next = State switch
            {
                BatcherState.Filling => Fill(),
                BatcherState.Held => Wait(),
                BatcherState.Reopening => await ReopenAsync().ConfigureAwait(false),
                BatcherState.Draining => Drain(),
                BatcherState.Accounting => Account(),
                _ => throw new InvalidOperationException($"The batcher has no state {State}."),
            };
            TellRisk();
            bool stays = next == State;
            State = next;
            if (!_errands.Round() && stays)
            {
                _heart.Rest();
                await _wake.WaitAsync().ConfigureAwait(false);
                _watch.Observe();
            }
        }
        _heart.Rest();
    }

    private void TellRisk()
    {
        Risk risk = _open.Risk.With(_processor.Risk).With(_commits.Risk).With(_unsecured.Risk);
        _metrics.ReadingsAtRisk.Set(risk.Readings + _channel.Reader.Count);
        Volatile.Write(ref _atRiskSince, risk.Since.Ticks);
    }

    private TimeSpan AgeAtRisk()
    {
        long since = Volatile.Read(ref _atRiskSince);
        return since == long.MaxValue ? TimeSpan.Zero : Now - TimeSpan.FromTicks(since);
    }

    private BatcherState Fill()
    {
        if (Settle() is { } failure)
        {
            return Face(failure);
        }
        int drained = 0;
        try
        {
            TellLosses();
            // What the spool had no room for goes first.
            _commits.AppendPending(_slot.Current.Spool);
            CloseFull();
            TimeSpan now = Now;
            // In rounds: what is due, or asked for, does not wait until the fastest writer pauses.
            while (!_commits.IsCrowded && drained < ReadingChannel.DefaultCapacity && _channel.Reader.TryRead(out Reading reading))
            {
                drained++;
                _taken++;
                if (Add(reading, now))
                {
                    CloseFull();
                }
            }
            CloseWindows();
            CloseDue(Now);
            _rules.Observe(Now);
        }
        catch (IOException trouble) when (trouble is SpoolFullException or SpoolBrokenException)
        {
            StartCommit();
            return Face(trouble);
        }
        if (_alarm.IsRaised)
        {
            _alarm.Clear();
            _tellLossesAt = Now;
        }
        _space.Observe(_slot.Current.Spool);
        StartCommit();
        if (_watch.HasEnded)
        {
            return BatcherState.Draining;
        }
        Sleep(drained);
        return BatcherState.Filling;
    }

    /// <returns>Whether a batch is full now.</returns>
    private bool Add(in Reading reading, TimeSpan now)
    {
        _processor.Take(reading, now);
        if (reading.Delivery.IsAwaited)
        {
            // Also for a reading that was left out: the one that it repeats may not be durable yet.
            _deliveries.Add(reading.Delivery);
            _open.Awaited(now);
        }
        return _open.IsAnyFull;
    }

    private void CloseWindows(bool all = false)
    {
        // At the end there is no later: then they go into batches however many wait for the disk.
        while ((all || !_commits.IsCrowded) && _processor.TryCloseWindow(Now, all))
        {
            if (_open.IsAnyFull)
            {
                CloseFull();
            }
        }
    }

    private void CloseFull() => Close(TimeSpan.MinValue);

    /// <summary>
    /// While a commit is under way, or flash has to be spared, only full batches close: the others go on filling, and are the next commit's group.
    /// </summary>
    private void CloseDue(TimeSpan now) => Close(_commits.IsUnderWay || now < _flash.MayCommitAt ? TimeSpan.MinValue : now);

    /// <summary>
    /// Closes what must be closed at an instant; full batches at any. Where somebody waits for a reading of an open batch all of them
    /// close: what waits is an order over all lanes.
    /// </summary>
    private void Close(TimeSpan at)
    {
        bool isCrowdHere = at != TimeSpan.MinValue && _deliveries.HasCrowdReturned(at, _options.AcknowledgeSettle);
        if (isCrowdHere || _open.IsAnyClosing(at))
        {
            _open.AppendTo(_slot.Current, _slot.MaximumPayloadBytes, at, all: _deliveries.AnyOpen);
        }
        if (_deliveries.AnyOpen && _open.AreEmpty)
        {
            _deliveries.Close();
        }
    }

    private void StartCommit()
    {
        // What is crowded is many full batches: waiting would save next to nothing.
        bool isSparing = State == BatcherState.Filling && !_commits.IsCrowded && Now < _flash.MayCommitAt;
        if (!isSparing && !_commits.IsUnderWay && (_commits.IsAnyAppended || _deliveries.AnyClosed))
        {
            _deliveries.StartCommit();
            if (_slot.MayHold)
            {
                // Flash or the cloud gets it later, behind the commit's back.
                _slot.Current.Spool[SpoolLane.Live].SecuredMoved = _wake.Signal;
            }
            _commits.Start(_slot.Current.Spool);
        }
    }

    /// <returns>Why the commit failed; null where it did not.</returns>
    private Exception? Settle()
    {
        if (_commits.TryFinish(_deliveries, _unsecured, out Exception? failure))
        {
            _flash.Committed(_slot.Current.Spool, Now);
        }
        _deliveries.Secured(_unsecured.TakeSecured(), Now);
        return failure;
    }

    /// <summary>Also while the spool is full: the ledger has room of its own, so the cloud hears of it as long as there is an uplink.</summary>
    private void TellLosses()
    {
        if (_channel.Lost.IsAny && Now >= _tellLossesAt)
        {
            _commits.AppendLosses(_slot.Current.Spool);
            _tellLossesAt = Now + TellLossesEvery;
        }
    }

    private void Sleep(int drained)
    {
        TimeSpan due = _channel.Lost.IsAny && _tellLossesAt < _open.Due ? _tellLossesAt : _open.Due;
        TimeSpan now = Now;
        bool isSparing = now < _flash.MayCommitAt;
        due = _processor.Due < due ? _processor.Due : due;
        if (isSparing && (due < _flash.MayCommitAt || _commits.IsAnyAppended || _deliveries.AnyClosed))
        {
            due = _flash.MayCommitAt;
        }
        // At the end it is the end of the channel that is waited for, whatever the clock does.
        if (_deliveries.AnyOpen && drained < NapBelow && !isSparing && !_stopping.IsCancellationRequested)
        {
            bool isCrowdExpected = _deliveries.IsCrowdExpected(now, _options.AcknowledgeSettle);
            TimeSpan nap = now + (isCrowdExpected ? CrowdNap : _options.AcknowledgeSettle);
            _timer.WakeAt(due < nap && !_commits.IsUnderWay ? due : nap, now);
            return;
        }
        if (!_commits.IsUnderWay)
        {
            _timer.WakeAt(due, now);
        }
        if (!_commits.IsCrowded)
        {
            _watch.Arm();
        }
    }
}
