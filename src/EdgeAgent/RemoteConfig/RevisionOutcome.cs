namespace EdgeAgent.RemoteConfig;

/// <summary>What became of a revision.</summary>
internal enum RevisionOutcome
{
    /// <summary>It runs and has not proven itself yet.</summary>
    OnTrial,

    /// <summary>It is proven: the last good one. Errors are remarks.</summary>
    Applied,

    /// <summary>It never ran, or was over before it began; errors say why.</summary>
    Rejected,

    /// <summary>It ran and was given up; errors say why.</summary>
    Reverted,
}

/// <summary>Something that the service is to be told, and then is history.</summary>
/// <param name="Revision">What it is about.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Errors">Bounded: see <see cref="MaximumErrors"/>.</param>
/// <param name="AtUnixNanoseconds">When; 0 where the device did not know the time.</param>
/// <param name="RunningNumber">What the device runs after this; 0: its own file.</param>
/// <param name="IsTold">The service has taken it.</param>
internal sealed record RevisionEvent(
    RevisionHeader Revision, RevisionOutcome Outcome, IReadOnlyList<RevisionError> Errors, long AtUnixNanoseconds, ulong RunningNumber, bool IsTold)
{
    /// <summary>Errors that are kept and told, each of 1 KiB at most: more than anybody corrects in one go.</summary>
    public const int MaximumErrors = 64;

    private const int MaximumMessage = 1_024;

    /// <summary>Errors that stay in the history once the service has all of them.</summary>
    private const int ErrorsAfterwards = 4;

    public static IReadOnlyList<RevisionError> Bounded(IReadOnlyList<RevisionError> errors)
    {
        var bounded = errors.Take(MaximumErrors).Select(static error => new RevisionError(Cut(error.Pointer), Cut(error.Message))).ToList();
        if (errors.Count > MaximumErrors)
        {
            bounded[^1] = new RevisionError("", $"There are {errors.Count - MaximumErrors + 1} more errors.");
        }
        return bounded;
    }

    public RevisionEvent Told() => this with { IsTold = true, Errors = [.. Errors.Take(ErrorsAfterwards)] };

    private static string Cut(string text) => text.Length <= MaximumMessage ? text : text[..(MaximumMessage - 1)] + "…";
}
