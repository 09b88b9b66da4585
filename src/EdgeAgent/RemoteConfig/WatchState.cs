namespace EdgeAgent.RemoteConfig;

/// <summary>What is being done to hear of revisions.</summary>
internal enum WatchState
{
    /// <summary>The line is metered, and nobody has said that there is news.</summary>
    Resting,

    /// <summary>The service is asked.</summary>
    Watching,

    /// <summary>It could not be asked, or has gone away: it is left alone for a while.</summary>
    BackingOff,
}
