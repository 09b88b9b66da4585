namespace EdgeAgent.Spooling;

/// <summary>Why records will never reach the cloud. The numbers are on disk and on the wire.</summary>
public enum LossCause : byte
{
    /// <summary>Dropped, oldest first, because the spool had reached its cap or the free-space floor.</summary>
    Evicted = 1,

    /// <summary>Replaced by a summary of themselves.</summary>
    Thinned = 2,

    /// <summary>What the disk gave back failed its checksum, or was gone.</summary>
    Corrupt = 3,

    /// <summary>The disk had no room, and neither had memory.</summary>
    DiskFull = 4,

    /// <summary>The cloud said that it will never take this record.</summary>
    Refused = 5,

    /// <summary>They came faster than they could be kept.</summary>
    Overflow = 6,

    /// <summary>
    /// They were in memory when the process or the power ended, in the mode in which memory may hold them. How many readings that were nobody
    /// knows. (7 is a cause of the wire alone.)
    /// </summary>
    Unwritten = 8,
}
