namespace EdgeAgent.Updates;

/// <summary>What can be seen of a version on trial at one moment.</summary>
/// <param name="Elapsed">Since it was started, or since the machine was.</param>
/// <param name="Sighting">What the agent that runs says; null where none answers.</param>
/// <param name="Restarts">How often the supervisor has had to start it again by itself.</param>
internal readonly record struct UpdateSample(TimeSpan Elapsed, AgentSighting? Sighting, int Restarts);

/// <summary>What is to be done with a version on trial.</summary>
internal enum UpdateVerdict
{
    /// <summary>Look again.</summary>
    NotYet,

    /// <summary>Keep it.</summary>
    Proven,

    /// <summary>Go back: it ends again and again.</summary>
    KeepsEnding,

    /// <summary>Go back: nothing answered at the status socket.</summary>
    Silent,

    /// <summary>Go back: another version runs.</summary>
    OtherVersion,

    /// <summary>Go back: it runs, and the service has confirmed nothing to it.</summary>
    NoReceipt,

    /// <summary>Go back: it has not run for long enough without an end.</summary>
    TooShort,
}

/// <summary>
/// Judges a version by what is seen of it. Pure.
/// <code>
/// started again five times                                                           back, at once
/// the version, a receipt of this process, which has run for a tenth of the time      proven
/// where no receipt is asked for: the version, in a process that has run for half     proven
/// the time is over                                                                   back; by the first of these that lacks
/// </code>
/// </summary>
internal static class UpdateRules
{
    /// <summary>With RestartSec=1s: long before the time is over, and more than a disk or a network that is not there at once would take.</summary>
    public const int MostRestarts = 5;

    public static UpdateVerdict Look(UpdateTrial trial, in UpdateSample seen)
    {
        if (seen.Restarts >= MostRestarts)
        {
            return UpdateVerdict.KeepsEnding;
        }
        // A version that ends after a minute has had its receipt by then.
        TimeSpan least = trial.Proof == TrialProof.Receipt ? trial.Limit / 10 : trial.Limit / 2;
        UpdateVerdict lacking = seen.Sighting is not { } agent ? UpdateVerdict.Silent
            : agent.Version != trial.To ? UpdateVerdict.OtherVersion
            : trial.Proof == TrialProof.Receipt && !agent.IsReceipted ? UpdateVerdict.NoReceipt
            : agent.Running < least ? UpdateVerdict.TooShort
            : UpdateVerdict.Proven;
        return lacking == UpdateVerdict.Proven || seen.Elapsed >= trial.Limit ? lacking : UpdateVerdict.NotYet;
    }

    /// <summary>Why, in words.</summary>
    public static string Words(UpdateVerdict verdict, UpdateTrial trial) => verdict switch
    {
        UpdateVerdict.Proven when trial.Proof == TrialProof.Receipt => "the service has confirmed readings to it.",
        UpdateVerdict.Proven => "it runs; nobody asked for a receipt.",
        UpdateVerdict.KeepsEnding => $"it ended {MostRestarts} times. journalctl -u edge-agent says why.",
        UpdateVerdict.Silent => $"nothing answered at its status socket within {trial.LimitSeconds} s. journalctl -u edge-agent says why.",
        UpdateVerdict.OtherVersion => $"after {trial.LimitSeconds} s another version was running.",
        UpdateVerdict.NoReceipt => $"it ran, and the service confirmed nothing to it within {trial.LimitSeconds} s.",
        UpdateVerdict.TooShort => $"it had run for too short a time without an end when {trial.LimitSeconds} s were over.",
        _ => "",
    };
}
