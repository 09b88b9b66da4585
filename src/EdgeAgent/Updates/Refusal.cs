namespace EdgeAgent.Updates;

/// <summary>Why an update is not made. In all these cases nothing has changed but that <c>.incoming</c> may hold something.</summary>
internal enum RefusalCause
{
    /// <summary>The file is no bundle, or one of a later format.</summary>
    NotABundle,

    /// <summary>It ends too soon: fetch it again.</summary>
    Truncated,

    /// <summary>No key that is trusted here has signed it.</summary>
    NotTrusted,

    /// <summary>There is no key, or others than root could have put one there.</summary>
    KeysUnsafe,

    /// <summary>The program is not the one that was signed.</summary>
    Damaged,

    /// <summary>It is for another kind of machine.</summary>
    OtherMachine,

    /// <summary>That version runs already.</summary>
    SameVersion,

    /// <summary>A later version runs. Whoever means it says --downgrade.</summary>
    Older,

    /// <summary>What is installed is too old for it: take a version between them first.</summary>
    TooOldInstalled,

    /// <summary>The disk has no room.</summary>
    NoRoom,

    /// <summary>It does not start on this machine.</summary>
    DoesNotStart,

    /// <summary>It does not accept the configuration in force.</summary>
    ConfigurationRefused,

    /// <summary>Another version is on trial: wait for its end, or leave it with --rollback.</summary>
    TrialOpen,

    /// <summary>Another process changes the versions at this moment.</summary>
    Busy,

    /// <summary>No agent is installed there.</summary>
    NotInstalled,
}

/// <param name="Cause">For programs.</param>
/// <param name="Words">For people: what is the matter, and what to do.</param>
internal sealed record Refusal(RefusalCause Cause, string Words);
