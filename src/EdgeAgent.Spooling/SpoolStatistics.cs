namespace EdgeAgent.Spooling;

/// <summary>Counts since the spool was opened, and what it takes now.</summary>
public readonly record struct SpoolStatistics
{
    /// <summary>Bytes that the folder takes now: segments, spares, quarantine, marks and ledger.</summary>
    public long BytesOnDisk { get; init; }

    /// <summary>Records appended.</summary>
    public long AppendedRecords { get; init; }

    /// <summary>Payload bytes appended.</summary>
    public long AppendedBytes { get; init; }

    /// <summary>Bytes that memory holds now of records that are not on flash.</summary>
    public long HeldBytes { get; init; }

    /// <summary>
    /// Bytes handed to the file system for all of that, in whole pages, zero-filling counted. Divided by <see cref="AppendedBytes"/>
    /// it is the write amplification.
    /// </summary>
    public long BytesWritten { get; init; }

    /// <summary>Syncs of file contents.</summary>
    public long Syncs { get; init; }

    /// <summary>Syncs of the folder.</summary>
    public long DirectorySyncs { get; init; }

    /// <summary>Segments dropped for want of space.</summary>
    public long EvictedSegments { get; init; }

    /// <summary>Unreleased records in them.</summary>
    public long EvictedRecords { get; init; }

    /// <summary>Readings in those records.</summary>
    public long EvictedItems { get; init; }

    /// <summary>Segments that were replaced, together with a neighbour, by one of fewer records.</summary>
    public long ThinnedSegments { get; init; }

    /// <summary>Readings that were replaced by summaries of themselves.</summary>
    public long ThinnedItems { get; init; }

    /// <summary>Attempts to thin that came to nothing: the records cannot be made smaller, or the thinner failed.</summary>
    public long RefusedThinnings { get; init; }
}
