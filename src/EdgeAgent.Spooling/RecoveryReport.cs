using System.Globalization;
using System.Numerics;

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

    /// <summary>
    /// The last owner held records in memory and did not end in order: which of them the cloud has it will say; how many readings the others had
    /// nobody knows. Their numbers are not used again.
    /// </summary>
    public bool MemoryLost { get; init; }

    /// <summary>Segments whose header was damaged and whose records were found all the same.</summary>
    public int HeadersRebuilt { get; init; }

    /// <summary>Files that made no sense and were moved to the quarantine folder.</summary>
    public IReadOnlyList<string> Quarantined { get; init; } = [];

    /// <summary>One line for people, in which only what was found is named.</summary>
    public override string ToString() => string.Join("; ", Findings());

    private IEnumerable<string> Findings()
    {
        yield return Created ? "new" : ClosedCleanly ? "closed in order before" : "not closed in order before";
        if (!Created)
        {
            yield return Count(Segments, "segment") + " with records to deliver";
        }
        if (MemoryLost)
        {
            yield return "what its owner held in memory is not on disk";
        }
        if (!MarkLost && TornEnds == 0 && CorruptRecords == 0 && HeadersRebuilt == 0 && Quarantined.Count == 0)
        {
            yield return "nothing to repair";
            yield break;
        }
        if (MarkLost)
        {
            yield return "the release mark was unreadable, so that everything counts as unreleased";
        }
        if (TornEnds > 0)
        {
            yield return Count(TornEnds, "half-written record") + " cut off";
        }
        if (CorruptRecords > 0)
        {
            yield return Count(CorruptRecords, "corrupt record");
        }
        if (HeadersRebuilt > 0)
        {
            yield return Count(HeadersRebuilt, "segment header") + " rebuilt";
        }
        if (Quarantined.Count > 0)
        {
            yield return Count(Quarantined.Count, "file") + " put into quarantine: " + string.Join(", ", Quarantined);
        }
    }

    private static string Count<T>(T count, string what)
        where T : INumber<T> =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == T.One ? "" : "s")}");
}
