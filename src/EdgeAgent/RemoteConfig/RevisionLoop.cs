using EdgeAgent.Reconfiguration;
using EdgeAgent.Supervision;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// Decides what the agent runs by: takes revisions one after another, each on trial until it has proven itself, and goes back by itself where it has not.
/// A revision that comes during a trial waits for its end.
/// </summary>
/// <remarks>
/// What the disk says is always enough to come back by: a revision is there as one on trial before it takes effect, and is the last good one, or none, in the
/// same write that says what became of it.
/// </remarks>
internal sealed partial class RevisionLoop(
    IRunningAgent agent, OwnFile own, RevisionStore store, RevisionInbox inbox, SupervisorSocket supervisor, Guid boot, TimeProvider time, ILogger logger)
{
    /// <summary>How long nobody looks when nothing is to be expected. A day: only settling is due by time, and that is known.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromDays(1);

    private OwnFile _own = own;
    private Revision _revision = null!; // set by Running, before any phase that needs it, as are the next two by Validating
    private Layered _next = null!;
    private Layered _good = null!;
    private TrialJudge _judge = new(RemoteOptions.LongestTrial);
    private TimeSpan _limit;
    private bool _isBroken; // it is unknown what runs
    private long _since = time.GetTimestamp();
    private IReadOnlyList<RevisionError> _reasons = [];
    private int _phase;
    private long _trialEnds; // a timestamp, while one is on trial

    /// <summary>For the diagnostics page and for tests.</summary>
    public RevisionPhase Phase
    {
        get => (RevisionPhase)Volatile.Read(ref _phase);
        private set => Volatile.Write(ref _phase, (int)value);
    }

    /// <summary>How long the revision on trial has left; null outside of a trial.</summary>
    public TimeSpan? TrialLeft => Phase != RevisionPhase.OnTrial ? null : time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _trialEnds));

    /// <summary>Runs until it is stopped, or the inside has ended by itself.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (Phase != RevisionPhase.Ended && !stopping.IsCancellationRequested)
        {
            try
            {
                Phase = await StepAsync(stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // A trial that is cut short here is on the disk as one, and is over with the next start.
                return;
            }
        }
    }

    private Task<RevisionPhase> StepAsync(CancellationToken stopping) => Phase switch
    {
        RevisionPhase.Running => WaitAsync(stopping),
        RevisionPhase.Reloading => ReloadAsync(stopping),
        RevisionPhase.Validating => Task.FromResult(Validate()),
        RevisionPhase.TryingOut => TryOutAsync(stopping),
        RevisionPhase.Applying => ApplyAsync(stopping),
        RevisionPhase.OnTrial => WatchTrialAsync(stopping),
        RevisionPhase.Applied => Task.FromResult(Promote()),
        RevisionPhase.Reverting => RevertAsync(stopping),
        _ => throw new InvalidOperationException($"There is nothing to do in {Phase}."),
    };

    private async Task<RevisionPhase> WaitAsync(CancellationToken stopping)
    {
        HearWhatWasTold();
        if (agent.HasEnded)
        {
            return RevisionPhase.Ended;
        }
        if (inbox.TakeReload())
        {
            return RevisionPhase.Reloading;
        }
        if (inbox.TakeRevision() is { } revision)
        {
            _revision = revision;
            return RevisionPhase.Validating;
        }
        TimeSpan unsettled = Settle();
        await inbox.Pulse.WaitAsync(unsettled > TimeSpan.Zero ? unsettled : Long, time, stopping).ConfigureAwait(false);
        return RevisionPhase.Running;
    }

    private RevisionPhase Validate()
    {
        RevisionHeader header = _revision.Header;
        RevisionState state = store.State;
        if (header.IsNone || (header.Number == state.Good.Number && header.Hash == state.Good.Hash))
        {
            return RevisionPhase.Running;
        }
        if (state.HasGivenUp(header))
        {
            Log.KnownAsBad(logger, header.Number);
            return RevisionPhase.Running;
        }
        Log.Received(logger, header.Number, header.Author, _revision.Document.Length);
        // A document that brings the agent down while it is read would come again after each start, for ever.
        store.Save(state with { Judged = header, Run = RunOf(state) });
        if (!Layered.TryMerge(_own, _revision, agent.Current, out Layered? next, out IReadOnlyList<RevisionError> errors))
        {
            return Reject(errors);
        }
        (_next, _good, _limit) = (next, agent.Current, header.TrialOf(agent.Current.Configuration.Remote));
        return Bootstrap.Differences(_good.Merged, next.Merged).Count > 0 ? RevisionPhase.TryingOut : RevisionPhase.Applying;
    }

    private async Task<RevisionPhase> TryOutAsync(CancellationToken stopping)
    {
        if (await agent.TryOutAsync(_next, stopping).ConfigureAwait(false) is { } obstacle)
        {
            return Reject([.. Bootstrap.Differences(_good.Merged, _next.Merged).Select(key => new RevisionError($"/cloud/{key}", obstacle))]);
        }
        return RevisionPhase.Applying;
    }

    private async Task<RevisionPhase> ApplyAsync(CancellationToken stopping)
    {
        RevisionState before = store.State;
        bool isNothingToProve = agent.NeedFor(_next) == ReconfigurationNeed.Nothing;
        try
        {
            store.Keep(_revision);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Reject([new RevisionError("", $"The device cannot keep it on its disk: {failure.Message}")]);
        }
        RevisionState onTrial = before with { Trial = _next.Header, Judged = RevisionHeader.None, OwnHash = _own.Hash, Run = RunOf(before) };
        if (!store.Save(onTrial.With(Event(RevisionOutcome.OnTrial, [], _next.Header.Number))))
        {
            store.Save(before);
            return Reject([new RevisionError("", "The device cannot keep it on its disk.")]);
        }
        try
        {
            await agent.ChangeAsync(_next, stopping).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // Whatever it is: it happened because of the revision, and the device must come back.
            Log.NotApplied(logger, _next.Header.Number, failure);
            (_isBroken, _reasons) = (true, [new RevisionError("", $"apply-failed: It cannot be brought into force: {failure.Message}")]);
            return RevisionPhase.Reverting;
        }
        (_judge, _since) = (new TrialJudge(_limit), time.GetTimestamp());
        Volatile.Write(ref _trialEnds, _since + (long)(_limit.TotalSeconds * time.TimestampFrequency));
        if (isNothingToProve)
        {
            // Another text for the same configuration.
            return RevisionPhase.Applied;
        }
        Log.OnTrial(logger, _next.Header.Number, _limit);
        return RevisionPhase.OnTrial;
    }

    private async Task<RevisionPhase> WatchTrialAsync(CancellationToken stopping)
    {
        HearWhatWasTold();
        TimeSpan elapsed = time.GetElapsedTime(_since);
        TrialSample seen = agent.Look(_limit);
        TrialVerdict verdict = _judge.Look(elapsed, seen);
        if (verdict == TrialVerdict.NotYet)
        {
            TimeSpan left = _limit - elapsed;
            await inbox.Pulse.WaitAsync(left < _judge.Interval ? left : _judge.Interval, time, stopping).ConfigureAwait(false);
            return RevisionPhase.OnTrial;
        }
        _reasons = verdict == TrialVerdict.Proven ? [] : Reasons(verdict, seen);
        return verdict == TrialVerdict.Proven ? RevisionPhase.Applied : RevisionPhase.Reverting;
    }

    private RevisionPhase Promote()
    {
        RevisionState state = store.State;
        RunRecord run = state.Run! with { End = RunEnd.Open, Crashes = 0 };
        RevisionEvent applied = Event(RevisionOutcome.Applied, [.. agent.SilentSensors(_limit), .. store.Damage], state.Trial.Number);
        // The same document under another number leaves the one before where it is.
        RevisionHeader previous = state.Good.Hash == state.Trial.Hash ? state.Previous : state.Good;
        store.Save((state with { Previous = previous, Good = state.Trial, Trial = RevisionHeader.None, Run = run }).With(applied));
        store.DamageTold();
        _since = time.GetTimestamp();
        Log.Applied(logger, _next.Header.Number);
        return RevisionPhase.Running;
    }

    private async Task<RevisionPhase> RevertAsync(CancellationToken stopping)
    {
        // Said before it is done: a power cut in between leads to the same, and the reason is not lost.
        store.Save((store.State with { Trial = RevisionHeader.None }).With(Event(RevisionOutcome.Reverted, _reasons, _good.Header.Number)));
        Log.Reverted(logger, _next.Header.Number, _good.Header.Number, string.Join(' ', _reasons));
        await GoBackAsync(_good, stopping).ConfigureAwait(false);
        return RevisionPhase.Running;
    }

    /// <summary>The gentle way where it is known what runs, and the other where that fails.</summary>
    private async Task GoBackAsync(Layered good, CancellationToken stopping)
    {
        if (!_isBroken && !agent.HasEnded)
        {
            try
            {
                await agent.ChangeAsync(good, stopping).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                Log.NotApplied(logger, good.Header.Number, failure);
            }
        }
        // What is thrown here ends the process: the next one starts with what is good.
        await agent.RebuildAsync(good, stopping).ConfigureAwait(false);
        _isBroken = false;
    }

    private RevisionPhase Reject(IReadOnlyList<RevisionError> errors)
    {
        IReadOnlyList<RevisionError> bounded = RevisionEvent.Bounded(errors);
        store.Save((store.State with { Judged = RevisionHeader.None }).With(new RevisionEvent(
            _revision.Header, RevisionOutcome.Rejected, bounded, agent.UnixNanoseconds, agent.Current.Header.Number, IsTold: false)));
        Log.Rejected(logger, _revision.Header.Number, errors.Count, string.Join(' ', bounded));
        return RevisionPhase.Running;
    }

    /// <summary>This run, which began before anything was remembered where no revision was in force.</summary>
    private RunRecord RunOf(RevisionState state) => state.Run is { } known && known.Boot == boot && known.Process == Environment.ProcessId && known.End != RunEnd.InOrder
        ? known : new RunRecord(boot, Environment.ProcessId, RunEnd.Open, 0);

    private RevisionEvent Event(RevisionOutcome outcome, IReadOnlyList<RevisionError> errors, ulong running) =>
        new(_next.Header, outcome, RevisionEvent.Bounded(errors), agent.UnixNanoseconds, running, IsTold: false);

    private void HearWhatWasTold()
    {
        foreach (RevisionEvent told in inbox.TakeTold())
        {
            store.Save(store.State.WithTold(told));
        }
    }

    /// <summary>What has run long enough does not count as a crash at the start when it ends some day.</summary>
    /// <returns>What is left until then.</returns>
    private TimeSpan Settle()
    {
        if (store.State.Run is not { End: RunEnd.Open } run)
        {
            return TimeSpan.Zero;
        }
        TimeSpan left = RunRecord.Settling - time.GetElapsedTime(_since);
        if (left <= TimeSpan.Zero)
        {
            store.Save(store.State with { Run = run with { End = RunEnd.Settled, Crashes = 0 } });
        }
        return left;
    }
}
