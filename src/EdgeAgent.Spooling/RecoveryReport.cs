namespace EdgeAgent.Spooling;

/// <summary>
/// What <see cref="Spool.Open(SpoolOptions, TimeProvider, Guid)"/> found on disk. Nothing in it stops the spool from starting; what
/// it counts is for the log.
/// </summary>
public sealed record RecoveryReport
{
    /// <summary>There was nothing: a new spool with a new id.</summary>
    public bool Created { get; init; }

    /// <summary>The last owner closed the spool in order.</summary>
    public bool ClosedCleanly { get; init; }

    /// <summary>
    /// Neither slot of the release mark could be read; what is on disk counts as unreleased, and the cloud skips what it has.
    /// </summary>
    public bool MarkLost { get; init; }

    /// <summary>Segments with records still to deliver.</summary>
    public int Segments { get; init; }

    /// <summary>Lanes that ended in a half-written record, which was cut off.</summary>
    public int TornEnds { get; init; }

    /// <summary>
    /// Records that fail their checksum or are gone, as far as seen at start (only the newest segment of a lane is read in full).
    /// </summary>
    public ulong CorruptRecords { get; init; }

    /// <summary>Segments whose header was damaged and whose records were found all the same.</summary>
    public int HeadersRebuilt { get; init; }

    /// <summary>Files that made no sense and were moved to the quarantine folder.</summary>
    public IReadOnlyList<string> Quarantined { get; init; } = [];
}
