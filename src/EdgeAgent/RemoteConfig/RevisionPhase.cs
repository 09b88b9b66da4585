namespace EdgeAgent.RemoteConfig;

/// <summary>What is being done about revisions.</summary>
internal enum RevisionPhase
{
    /// <summary>What runs is good. Waits for a revision, or for a person.</summary>
    Running,

    /// <summary>A person has asked for the own file to be read again, or for the revision before.</summary>
    Reloading,

    /// <summary>A revision has come: everything that is wrong with it is found before anything is touched.</summary>
    Validating,

    /// <summary>It says that the cloud is elsewhere: that place is asked, beside the one in use.</summary>
    TryingOut,

    /// <summary>It is on the disk as one on trial, and is being brought into force.</summary>
    Applying,

    /// <summary>It runs, and has to prove itself.</summary>
    OnTrial,

    /// <summary>It has: it becomes the last good one.</summary>
    Applied,

    /// <summary>It has not: the last good one comes back.</summary>
    Reverting,

    /// <summary>The inside ended by itself outside of a trial: the process ends.</summary>
    Ended,
}
