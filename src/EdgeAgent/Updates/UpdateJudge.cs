namespace EdgeAgent.Updates;

/// <summary>What a judge has done.</summary>
internal enum JudgeOutcome
{
    /// <summary>There was nothing to judge.</summary>
    NoTrial,

    /// <summary>The new version stays.</summary>
    Kept,

    /// <summary>The version before it runs again.</summary>
    Returned,

    /// <summary>The trial's file was damaged. It is set aside, and what runs goes on running.</summary>
    Unreadable,
}

/// <summary>
/// Switches to a version that is to be tried, watches it, and keeps it or goes back. Run by a unit of its own, from the program before, so that it outlives whoever ordered the
/// update. All that it knows is on the disk: killed at any moment, or by a power cut, the next one goes on from there.
/// </summary>
internal sealed class UpdateJudge(UpdatePaths paths, Systemd systemd, TimeProvider time, Guid boot, Action<string> tell)
{
    /// <summary>5 s: a hundred and twenty looks in a trial, each of which starts systemctl.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly UpdateStore _store = new(paths);

    public async Task<JudgeOutcome> RunAsync(CancellationToken cancellationToken)
    {
        UpdateTrial? trial;
        try
        {
            trial = await BeginAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException damaged)
        {
            tell($"{damaged.Message} It is set aside as {_store.SetTrialAside()}, and the version that runs goes on running.");
            return JudgeOutcome.Unreadable;
        }
        while (trial is not null)
        {
            switch (trial.Phase)
            {
                case TrialPhase.Ordered:
                    await SwitchAsync(trial, cancellationToken).ConfigureAwait(false);
                    break;
                case TrialPhase.Watching when await WatchAsync(trial, cancellationToken).ConfigureAwait(false):
                    return JudgeOutcome.Kept;
                case TrialPhase.Returning:
                    await ReturnAsync(trial, cancellationToken).ConfigureAwait(false);
                    return JudgeOutcome.Returned;
            }
            // Somebody may have decided otherwise in the meantime.
            trial = _store.Trial;
        }
        return JudgeOutcome.NoTrial;
    }

    /// <summary>Counts the machine's starts before anything else: a version that brings the machine down must not be tried for ever.</summary>
    private async Task<UpdateTrial?> BeginAsync(CancellationToken cancellationToken)
    {
        using IDisposable held = await _store.LockAsync(time, cancellationToken).ConfigureAwait(false);
        if (_store.Trial is not { } trial || trial.Boot == boot)
        {
            return _store.Trial;
        }
        trial = trial with { Boot = boot, Boots = trial.Boots + 1, Since = time.GetTimestamp() };
        if (trial.Boots >= UpdateTrial.MostBoots && trial.Phase != TrialPhase.Returning)
        {
            trial = trial with { Phase = TrialPhase.Returning, Reason = $"the machine started {trial.Boots} times before it had proven itself." };
        }
        _store.Save(trial);
        return trial;
    }

    private async Task SwitchAsync(UpdateTrial trial, CancellationToken cancellationToken)
    {
        using IDisposable held = await _store.LockAsync(time, cancellationToken).ConfigureAwait(false);
        if (_store.Trial != trial)
        {
            return;
        }
        if (!ReleaseVersion.TryParse(trial.To, out ReleaseVersion? version) || !File.Exists(paths.ProgramOf(version)))
        {
            _store.Save(trial with { Phase = TrialPhase.Returning, Reason = "its program is not there any more." });
            return;
        }
        ProgramSwitch.To(paths, version);
        await systemd.RestartAgentAsync(cancellationToken).ConfigureAwait(false);
        _store.Save(trial with { Phase = TrialPhase.Watching, Since = time.GetTimestamp() });
        tell($"Version {trial.To} is on trial: within {trial.LimitSeconds} s it has to show {(trial.Proof == TrialProof.Receipt ? "a receipt of the service" : "that it runs")}.");
    }

    /// <returns>True where it is kept.</returns>
    private async Task<bool> WatchAsync(UpdateTrial trial, CancellationToken cancellationToken)
    {
        AgentSighting? sighting = await AgentSighting.ReadAsync(paths.StatusSocket, cancellationToken).ConfigureAwait(false);
        int restarts = await systemd.RestartsAsync(cancellationToken).ConfigureAwait(false);
        UpdateVerdict verdict = UpdateRules.Look(trial, new UpdateSample(time.GetElapsedTime(trial.Since), sighting, restarts));
        if (verdict == UpdateVerdict.NotYet)
        {
            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
            return false;
        }
        using IDisposable held = await _store.LockAsync(time, cancellationToken).ConfigureAwait(false);
        if (_store.Trial != trial)
        {
            return false;
        }
        string words = UpdateRules.Words(verdict, trial);
        if (verdict != UpdateVerdict.Proven)
        {
            _store.Save(trial with { Phase = TrialPhase.Returning, Reason = words });
            return false;
        }
        ReleaseVersion? from = From(trial);
        ProgramSwitch.RememberPrevious(paths, from);
        Close(new UpdateOutcome(true, trial.To, trial.From, words, time.GetUtcNow()));
        ProgramSwitch.RemoveUnnamed(paths, Parse(trial.To), from);
        return true;
    }

    private async Task ReturnAsync(UpdateTrial trial, CancellationToken cancellationToken)
    {
        using IDisposable held = await _store.LockAsync(time, cancellationToken).ConfigureAwait(false);
        ReleaseVersion? from = From(trial);
        if (from is null)
        {
            ProgramSwitch.ToPackage(paths);
        }
        else
        {
            ProgramSwitch.To(paths, from);
        }
        await systemd.RestartAgentAsync(cancellationToken).ConfigureAwait(false);
        Close(new UpdateOutcome(false, trial.To, trial.From, trial.Reason, time.GetUtcNow()));
        ProgramSwitch.RemoveUnnamed(paths, from, InstalledProgram.VersionAt(paths.Previous));
    }

    private void Close(UpdateOutcome outcome)
    {
        _store.Close(outcome);
        tell(outcome.ToString());
    }

    /// <summary>Null: the package's program; also where the version before is not there any more.</summary>
    private ReleaseVersion? From(UpdateTrial trial) =>
        !trial.FromPackage && Parse(trial.From) is { } from && File.Exists(paths.ProgramOf(from)) ? from : null;

    private static ReleaseVersion? Parse(string text) => ReleaseVersion.TryParse(text, out ReleaseVersion? version) ? version : null;
}
