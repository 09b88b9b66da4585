namespace EdgeAgent.Updates;

/// <summary>How far a trial has come.</summary>
internal enum TrialPhase
{
    /// <summary>The version is complete on the disk, and is to be switched to.</summary>
    Ordered,

    /// <summary>It has been started, and is to prove itself.</summary>
    Watching,

    /// <summary>It has not, or somebody wants it to go: the version before is to be switched to.</summary>
    Returning,
}

/// <summary>What a version has to show.</summary>
internal enum TrialProof
{
    /// <summary>That the service has confirmed readings to it.</summary>
    Receipt,

    /// <summary>That it runs: for a device that reaches no service.</summary>
    Running,
}

/// <summary>
/// A version on trial, as trial.json says it; written whole, before anything of it takes effect.
/// <code>
/// { "phase": "Ordered" | "Watching" | "Returning", "to": "0.4.0", "from": "0.3.0", "fromPackage": true, "boot": GUID, "boots": 0, "since": 0, "limitSeconds": 600,
///   "proof": "Receipt" | "Running", "reason": "" }
/// </code>
/// </summary>
/// <param name="Phase">How far it has come.</param>
/// <param name="To">The version on trial.</param>
/// <param name="From">The version before it.</param>
/// <param name="FromPackage">That is the package's program.</param>
/// <param name="Boot">The boot of the machine in which somebody last worked on it.</param>
/// <param name="Boots">How often the machine has started since it began.</param>
/// <param name="Since">When it began in this boot, on the monotonic clock that all programs of one boot share.</param>
/// <param name="LimitSeconds">How long it may take.</param>
/// <param name="Proof">What is asked of it.</param>
/// <param name="Reason">Why it is left; empty before.</param>
internal sealed record UpdateTrial(
    TrialPhase Phase, string To, string From, bool FromPackage, Guid Boot, int Boots, long Since, int LimitSeconds, TrialProof Proof, string Reason)
{
    /// <summary>One start of the machine may be the technician's. A second one is no accident.</summary>
    public const int MostBoots = 2;

    /// <summary>10 min: five minutes for a line that has to be found again, as for a revision, and as much for a slow board that starts.</summary>
    public static readonly TimeSpan StandardLimit = TimeSpan.FromMinutes(10);

    public TimeSpan Limit => TimeSpan.FromSeconds(LimitSeconds);
}

/// <summary>How a trial ended, as outcome.json says it.</summary>
/// <param name="IsKept">The version on trial runs; else the one before it.</param>
/// <param name="To">The version that was on trial.</param>
/// <param name="From">The one before it.</param>
/// <param name="Reason">In words.</param>
/// <param name="At">By the wall clock.</param>
internal sealed record UpdateOutcome(bool IsKept, string To, string From, string Reason, DateTimeOffset At)
{
    public override string ToString() => IsKept ? $"Version {To} is kept: {Reason}" : $"Back from version {To} to {From}: {Reason}";
}
