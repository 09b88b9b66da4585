namespace EdgeAgent.Spooling;

/// <summary>What <see cref="SpoolQueue.Release"/> did with the cloud's word.</summary>
public enum ReleaseResult
{
    /// <summary>The mark moved; whole segments behind it are free.</summary>
    Released,

    /// <summary>All of it had been released before: nothing to do. A receipt may come twice.</summary>
    AlreadyReleased,

    /// <summary>
    /// The cloud names a record that this spool has not committed; nothing was changed. Either the disk forgot what it had
    /// promised to keep, or it was put back to an older image. Sequences that the cloud will take for duplicates are about to
    /// be used again: stop sending this spool, and tell a person.
    /// </summary>
    AheadOfSpool,
}
