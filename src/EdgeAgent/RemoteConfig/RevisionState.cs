namespace EdgeAgent.RemoteConfig;

/// <summary>How far a run of the process has come.</summary>
internal enum RunEnd
{
    /// <summary>It began. Found so at the next start in the same boot: it crashed.</summary>
    Open,

    /// <summary>It has run for <see cref="RunRecord.Settling"/>: what ends it now is not the fault of its configuration's beginning.</summary>
    Settled,

    /// <summary>It ended as it was told to.</summary>
    InOrder,
}

/// <summary>The present or the last run of the process.</summary>
/// <param name="Boot">The boot of the machine that it belongs to: after a power cut there is another one, and nothing crashed.</param>
/// <param name="Process">Its id.</param>
/// <param name="End">How far it came.</param>
/// <param name="Crashes">How many runs in a row have crashed before it, under the last good revision.</param>
internal sealed record RunRecord(Guid Boot, int Process, RunEnd End, int Crashes)
{
    /// <summary>10 min: a sensor that is read once a minute has been read ten times by then, and systemd has given up on one that fails faster.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(10);

    /// <summary>Two crashes under a revision are no accident.</summary>
    public const int MostCrashes = 2;
}

/// <summary>
/// All that is remembered of revisions over restarts. Changed as a whole: whatever is true is true from one write to the disk on.
/// </summary>
internal sealed record RevisionState
{
    /// <summary>Events that are remembered. Those that were told go first.</summary>
    public const int MaximumEvents = 24;

    public static readonly RevisionState Empty = new();

    /// <summary><see cref="OwnFile.Hash"/> of the own file that <see cref="Good"/> was laid over.</summary>
    public string OwnHash { get; init; } = "";

    /// <summary>The last one that has proven itself; none: the own file runs.</summary>
    public RevisionHeader Good { get; init; } = RevisionHeader.None;

    /// <summary>The one before it.</summary>
    public RevisionHeader Previous { get; init; } = RevisionHeader.None;

    /// <summary>The one that is to prove itself; none outside of a trial.</summary>
    public RevisionHeader Trial { get; init; } = RevisionHeader.None;

    /// <summary>The one that is being looked at, before anything of it runs; none otherwise.</summary>
    public RevisionHeader Judged { get; init; } = RevisionHeader.None;

    /// <summary>Null where no process has run under a revision.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>The newest last.</summary>
    public IReadOnlyList<RevisionEvent> Events { get; init; } = [];

    /// <summary>What runs, or is to.</summary>
    public RevisionHeader Running => Trial.IsNone ? Good : Trial;

    /// <summary>The greatest number that was ever dealt with: what the service announces beyond it is news.</summary>
    public ulong Known => Math.Max(Running.Number, Events.Select(static seen => seen.Revision.Number).DefaultIfEmpty().Max());

    /// <summary>Whether this very revision was refused or given up: it is not tried again unless it comes under another number.</summary>
    public bool HasGivenUp(RevisionHeader revision) => Events.LastOrDefault(seen => IsSame(seen.Revision, revision))
        is { Outcome: RevisionOutcome.Rejected or RevisionOutcome.Reverted } && !IsSame(Good, revision);

    public RevisionState With(RevisionEvent news)
    {
        // That it is on trial is of no interest once it is known how that ended.
        var events = Events.Where(seen => seen.IsTold || seen.Outcome != RevisionOutcome.OnTrial || !IsSame(seen.Revision, news.Revision)).Append(news).ToList();
        while (events.Count > MaximumEvents)
        {
            int told = events.FindIndex(static seen => seen.IsTold);
            events.RemoveAt(Math.Max(told, 0));
        }
        return this with { Events = events };
    }

    /// <summary>The service has taken an event.</summary>
    public RevisionState WithTold(RevisionEvent told) => this with { Events = [.. Events.Select(seen => seen == told ? seen.Told() : seen)] };

    private static bool IsSame(RevisionHeader one, RevisionHeader other) => one.Number == other.Number && one.Hash == other.Hash;
}
