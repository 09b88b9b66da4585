using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Configuration;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// What a device starts with, whatever the last run left: the last good revision over its own file, else the one before, else its own file alone. Nothing that
/// was on trial is started again. Needs no network.
/// </summary>
internal static partial class StartingPoint
{
    /// <param name="own">The device's own file as it is now.</param>
    /// <param name="store">What is remembered; brought up to date.</param>
    /// <param name="boot">This boot of the machine.</param>
    /// <param name="logger">Where it is told.</param>
    /// <param name="start">What to start with.</param>
    /// <param name="errors">What is wrong with the own file, where there is nothing to start with.</param>
    public static bool TryFind(
        OwnFile own, RevisionStore store, Guid boot, ILogger logger, [NotNullWhen(true)] out Layered? start, out IReadOnlyList<ConfigError> errors)
    {
        RevisionState before = store.State;
        bool isRollback = RollbackRequest.IsFor(before.Good, store.Folder);
        RevisionState state = EndTrial(before, boot, out int crashes);
        state = isRollback ? GiveUpGood(state, ByHand) : crashes >= RunRecord.MostCrashes ? GiveUpGood(state, $"The agent crashed {crashes} times under it.") : state;
        crashes = state.Good == before.Good ? crashes : 0;
        (start, errors) = (null, []);
        while (start is null && !state.Good.IsNone)
        {
            state = TryGood(own, store, state, out start);
        }
        if (start is null && !Layered.TryRead(own, out start, out errors))
        {
            return false;
        }
        foreach (RevisionEvent news in state.Events.Except(before.Events))
        {
            Log.GaveUp(logger, news.Revision.Number, start.Header.Number, string.Join(' ', news.Errors));
        }
        if (!state.Good.IsNone)
        {
            state = state with { OwnHash = own.Hash, Run = new RunRecord(boot, Environment.ProcessId, RunEnd.Open, crashes) };
        }
        if (state != before)
        {
            state = state with { Events = [.. state.Events.Select(seen => before.Events.Contains(seen) ? seen : seen with { RunningNumber = state.Good.Number })] };
            store.Save(state);
        }
        if (isRollback)
        {
            RollbackRequest.Remove(store.Folder);
        }
        return true;
    }

    /// <summary>Why a revision was left that a person did not want.</summary>
    public const string ByHand = "It was rolled back by hand on the device.";

    private static RevisionState EndTrial(RevisionState state, Guid boot, out int crashes)
    {
        bool isSameBoot = state.Run?.Boot == boot;
        bool hasCrashed = isSameBoot && state.Run!.End == RunEnd.Open;
        // A run that was long enough, or ended in order, ends the row; a power cut neither ends nor prolongs it.
        crashes = state.Run is null or { End: not RunEnd.Open } ? 0 : state.Run.Crashes + (hasCrashed ? 1 : 0);
        if (!state.Judged.IsNone)
        {
            // Whoever was stopped, or lost power, may look at it again.
            state = isSameBoot && state.Run!.End != RunEnd.InOrder ? state.With(Event(state.Judged, RevisionOutcome.Rejected, [new RevisionError("", "The agent crashed or was killed while it looked at the revision.")])) : state;
            (state, crashes) = (state with { Judged = RevisionHeader.None }, 0);
        }
        if (state.Trial.IsNone)
        {
            return state;
        }
        // How this run ended says nothing about the last good one.
        crashes = 0;
        string how = !isSameBoot ? "The machine lost power or was restarted" : hasCrashed || state.Run!.End == RunEnd.Settled ? "The agent crashed or was killed" : "The agent was stopped";
        return (state with { Trial = RevisionHeader.None }).With(Event(state.Trial, RevisionOutcome.Reverted, [new RevisionError("", $"{how} while the revision was on trial.")]));
    }

    private static RevisionState GiveUpGood(RevisionState state, string why) => state.Good.IsNone ? state : Fallen(state, [new RevisionError("", why)], state.Previous);

    private static RevisionState Fallen(RevisionState state, IReadOnlyList<RevisionError> why, RevisionHeader next) =>
        (state with { Good = next, Previous = RevisionHeader.None }).With(Event(state.Good, RevisionOutcome.Reverted, why));

    private static RevisionState TryGood(OwnFile own, RevisionStore store, RevisionState state, out Layered? start)
    {
        start = null;
        if (!store.TryRead(state.Good, out Revision? revision))
        {
            // No fault of the revision: the service hears which one runs, sends this one again, and it is tried anew.
            return state with { Good = state.Previous, Previous = RevisionHeader.None };
        }
        if (Layered.TryMerge(own, revision, running: null, out start, out IReadOnlyList<RevisionError> errors))
        {
            return state;
        }
        bool isOwnFileNew = state.OwnHash != own.Hash;
        RevisionError why = new("", isOwnFileNew
            ? "The device's own file has been changed, and does not go with the revision any more: its own file alone runs."
            : "The revision cannot be read any more with what is on the device now.");
        return Fallen(state, RevisionEvent.Bounded([why, .. errors]), isOwnFileNew ? RevisionHeader.None : state.Previous);
    }

    /// <summary>The clock is not known yet.</summary>
    private static RevisionEvent Event(RevisionHeader revision, RevisionOutcome outcome, IReadOnlyList<RevisionError> errors) => new(revision, outcome, errors, 0, 0, false);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Revision {Number} of the configuration is given up; the agent starts with {Running} (0: its own file). {Why}")]
        public static partial void GaveUp(ILogger logger, ulong number, ulong running, string why);
    }
}
