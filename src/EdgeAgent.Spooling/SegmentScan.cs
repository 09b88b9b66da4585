using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>What reading a segment in full has shown.</summary>
/// <param name="First">The first sequence that has a record; 0 where there is none.</param>
/// <param name="Last">The last sequence that has a record; the one before the first where there is none.</param>
/// <param name="ItemsBefore">Readings of the lane before the segment.</param>
/// <param name="Items">Readings of the lane through the last record.</param>
/// <param name="Bytes">Payload bytes of the records.</param>
/// <param name="Corrupt">Sequences before the last one that have no record.</param>
/// <param name="End">Where the last record ends in the file.</param>
/// <param name="Torn">Something that is no record follows in the last page.</param>
internal readonly record struct SegmentScan(
    ulong First, ulong Last, ulong ItemsBefore, ulong Items, ulong Bytes, ulong Corrupt, long End, bool Torn)
{
    /// <summary>Whether there is any record.</summary>
    public bool Any => First > 0;

    public static SegmentScan Read(FoundSegment found, Guid spoolId, LossLedger ledger)
    {
        ulong? headerItems = found.StateIn(spoolId) == HeaderState.Sound ? found.Header!.Value.ItemsBefore : null;
        SegmentIdentity identity = found.Identity with { SpoolId = spoolId };
        int start = SegmentHeader.BytesOf(identity);
        var scan = new SegmentScan(0, found.First - 1, headerItems ?? 0, headerItems ?? 0, 0, 0, start, false);
        using var cursor = new SegmentCursor { ReadsAroundDamage = true };
        cursor.Open(found.File, identity.ChecksumSeed(), start);
        while (cursor.TryFind(scan.Last + 1, ulong.MaxValue - 1, out RecordHeader record, out _))
        {
            scan = scan with
            {
                First = scan.Any ? scan.First : record.Sequence,
                ItemsBefore = scan.Any ? scan.ItemsBefore : headerItems ?? record.ItemsBefore,
                Corrupt = scan.Corrupt + Unexplained(ledger, identity.Lane, scan.Last + 1, record.Sequence),
                Last = record.Sequence,
                Items = record.ItemsThrough,
                Bytes = scan.Bytes + (ulong)record.Length,
                End = cursor.Offset,
            };
        }
        return scan with { Torn = identity.Level == 0 && cursor.AnythingFollowsInPage() };
    }

    /// <summary>Sequences from one up to another that nobody has written down as lost.</summary>
    private static ulong Unexplained(LossLedger ledger, SpoolLane lane, ulong from, ulong end) => from >= end
        ? 0
        : EvictionTally.GapsBetween(ledger.Within(lane, from, end - 1), from, end - 1, LossCause.Corrupt)
            .Aggregate(0UL, (sum, gap) => sum + gap.Records);
}
