using EdgeAgent.Configuration;
using EdgeAgent.Reconfiguration;

namespace EdgeAgent.RemoteConfig;

/// <content>What a person at the device asks for. It is not put on trial: the person sees what comes of it, and may be mending the line.</content>
internal sealed partial class RevisionLoop
{
    private async Task<RevisionPhase> ReloadAsync(CancellationToken stopping)
    {
        supervisor.TellReloading("Reads its configuration again.");
        Layered before = agent.Current;
        bool isRollback = RollbackRequest.IsFor(store.State.Good, store.Folder);
        if (!OwnFile.TryRead(_own.Path, out OwnFile file, out IReadOnlyList<ConfigError> unreadable))
        {
            return Refuse([.. unreadable.Select(static error => error.ToString())]);
        }
        RevisionState state = store.State;
        RevisionHeader wanted = isRollback ? state.Previous : state.Good;
        if (!TryLayer(file, wanted, out Layered next, out IReadOnlyList<string> errors))
        {
            return Refuse(errors);
        }
        if (next.Configuration.Device.StateFolder != before.Configuration.Device.StateFolder)
        {
            return Refuse(["device.state has changed: what is remembered lies in the old folder. Start the agent again."]);
        }
        if (isRollback)
        {
            var left = new RevisionEvent(
                state.Good, RevisionOutcome.Reverted, [new RevisionError("", StartingPoint.ByHand)], agent.UnixNanoseconds, wanted.Number, IsTold: false);
            store.Save((state with { Good = wanted, Previous = RevisionHeader.None, OwnHash = file.Hash }).With(left));
            RollbackRequest.Remove(store.Folder);
        }
        else if (!state.Good.IsNone && state.OwnHash != file.Hash)
        {
            store.Save(state with { OwnHash = file.Hash });
        }
        _own = file;
        if (agent.NeedFor(next) != ReconfigurationNeed.Nothing || isRollback)
        {
            try
            {
                await agent.ChangeAsync(next, stopping).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                Log.NotApplied(logger, next.Header.Number, failure);
                _isBroken = true;
                await GoBackAsync(before, stopping).ConfigureAwait(false);
                supervisor.TellReady($"The configuration was read again and could not be brought into force; the one before is. {failure.Message}");
                return RevisionPhase.Running;
            }
        }
        Log.Reloaded(logger, file.Path, next.Header.Number);
        supervisor.TellReady($"The configuration was read again. {next.Words}");
        return RevisionPhase.Running;
    }

    private bool TryLayer(OwnFile file, RevisionHeader wanted, out Layered next, out IReadOnlyList<string> errors)
    {
        next = agent.Current;
        if (wanted.IsNone)
        {
            bool isRead = Layered.TryRead(file, out Layered? alone, out IReadOnlyList<ConfigError> wrong);
            (next, errors) = (alone ?? next, [.. wrong.Select(static error => error.ToString())]);
            return isRead;
        }
        if (!store.TryRead(wanted, out Revision? revision))
        {
            errors = [$"The document of revision {wanted.Number} is gone or damaged. Send it again from the cloud."];
            return false;
        }
        bool isMerged = Layered.TryMerge(file, revision, running: null, out Layered? merged, out IReadOnlyList<RevisionError> remote);
        (next, errors) = (merged ?? next, [.. remote.Select(static error => error.ToString())]);
        return isMerged;
    }

    private RevisionPhase Refuse(IReadOnlyList<string> errors)
    {
        Log.NotReloaded(logger, _own.Path, string.Join('\n', errors));
        supervisor.TellReady($"The configuration was read again and is wrong; the one before is in force. {errors[0]}");
        return RevisionPhase.Running;
    }
}
