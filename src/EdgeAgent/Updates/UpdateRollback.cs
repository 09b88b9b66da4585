namespace EdgeAgent.Updates;

/// <summary>What became of the wish to go back.</summary>
internal enum RollbackOutcome
{
    /// <summary>The package's program runs: there is nothing to go back to.</summary>
    Nothing,

    /// <summary>A trial was open. Its judge, who has to be started, leaves it.</summary>
    Told,

    /// <summary>The version before is switched to, and runs with the next start of the agent.</summary>
    Switched,

    /// <summary>Another process changes the versions at this moment.</summary>
    Busy,
}

/// <summary>Goes back by hand: out of a trial, or from a version that was kept.</summary>
internal sealed class UpdateRollback(UpdatePaths paths, TimeProvider time)
{
    private readonly UpdateStore _store = new(paths);

    /// <param name="isJudged">An open trial is left to its judge; else it is left here.</param>
    public RollbackOutcome Run(bool isJudged)
    {
        ReleaseVersion? left = InstalledProgram.VersionAt(paths.Current);
        if (left is null && _store.Trial is null)
        {
            return RollbackOutcome.Nothing;
        }
        if (!_store.TryLock(out IDisposable? held))
        {
            return RollbackOutcome.Busy;
        }
        using (held)
        {
            UpdateTrial? trial = _store.Trial;
            if (trial is not null && isJudged)
            {
                _store.Save(trial with { Phase = TrialPhase.Returning, Reason = "somebody wanted it." });
                return RollbackOutcome.Told;
            }
            ReleaseVersion? to = trial is null ? InstalledProgram.VersionAt(paths.Previous) : trial.FromPackage ? null : Parse(trial.From);
            if (to is not null && File.Exists(paths.ProgramOf(to)))
            {
                ProgramSwitch.To(paths, to);
            }
            else
            {
                ProgramSwitch.ToPackage(paths);
                to = null;
            }
            _store.Close(new UpdateOutcome(false, trial?.To ?? left!.Text, to?.Text ?? "the package's", "somebody wanted it.", time.GetUtcNow()));
            // From there only the package's program is left to go back to.
            ProgramSwitch.RememberPrevious(paths, null);
            ProgramSwitch.RemoveUnnamed(paths, to);
            return RollbackOutcome.Switched;
        }
    }

    private static ReleaseVersion? Parse(string text) => ReleaseVersion.TryParse(text, out ReleaseVersion? version) ? version : null;
}
