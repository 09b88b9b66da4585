using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>What recovery decided for one lane.</summary>
/// <param name="Mark">Where it goes on.</param>
/// <param name="Segments">Those that are kept, oldest first.</param>
/// <param name="End">Where the newest one goes on, if it can.</param>
/// <param name="Found">The last sequence that was found on disk; what was given up lies behind it.</param>
internal sealed record RecoveredLane(LaneMark Mark, List<Segment> Segments, long? End, ulong Found);

/// <summary>
/// Finds out what one lane still holds. The newest segment is read in full, because only it can end in the middle of a write; of the
/// others the header is read, and their records when they are sent. In doubt it keeps and counts: a sequence that might have been sent
/// is never given to another record.
/// </summary>
internal sealed class LaneRecovery(
    SpoolLane lane,
    Guid spoolId,
    SpoolOptions options,
    LaneMark? mark,
    LossLedger ledger,
    SpareSegments spares,
    Quarantine quarantine,
    long now)
{
    /// <summary>
    /// Where both marks are lost nobody knows how many numbers memory has had since the last record on flash. So many last for a thousand years at
    /// a thousand records a second, and below 2^56, where the numbers of dictionaries end, there is room for two thousand such losses.
    /// </summary>
    private const ulong FarAhead = 1UL << 45;

    private readonly List<string> _quarantined = [];

    public ulong CorruptRecords { get; private set; }

    public int HeadersRebuilt { get; private set; }

    public bool Torn { get; private set; }

    /// <summary>The newest segment has no header on disk.</summary>
    public bool IsNewestRebuilt { get; private set; }

    /// <summary>The last owner may have held records in memory.</summary>
    public bool IsMemoryLost { get; private set; }

    /// <summary>The lane goes on behind numbers that were given up; a new segment begins there.</summary>
    public bool HasGivenUp => IsMemoryLost && options.GivesUpReserved;

    public IReadOnlyList<string> Quarantined => _quarantined;

    /// <param name="found">The lane's files, oldest first.</param>
    /// <param name="mayHaveLostWrites">The power was cut since the last owner wrote, as far as can be told.</param>
    public RecoveredLane Recover(List<FoundSegment> found, bool mayHaveLostWrites)
    {
        new ThinningRecovery(lane, spoolId, ledger, spares).SetAsideWhatWasThinned(found, mark?.Released ?? 0);
        ulong released = mark?.Released ?? ReleasedWithoutMark(found);
        SetAsideWhatIsNotWanted(found, released);
        ulong floor = released;
        (FoundSegment Found, Segment Segment, SegmentScan Scan)? newest = FindNewest(found, ref floor);
        List<Segment> segments = KeepOlder(found);
        Position end = new(floor, 0, 0);
        if (newest is { } last)
        {
            segments.Add(last.Segment);
            end = EndOf(last.Found, last.Scan, last.Segment.BytesBefore, floor);
            last.Segment.PayloadBytes = last.Scan.Bytes;
            CorruptRecords += last.Scan.Corrupt;
            Torn = last.Scan.Torn;
        }
        for (int i = 0; i + 1 < segments.Count; i++)
        {
            Segment segment = segments[i];
            segment.Last = segments[i + 1].First - 1;
            if (segment.Level == 0)
            {
                ulong bytes = segments[i + 1].BytesBefore - Math.Min(segment.BytesBefore, segments[i + 1].BytesBefore);
                segment.PayloadBytes = Math.Min(bytes, (ulong)segment.File.Length);
            }
        }
        // What the mark counts, in the order of the sequence. A loss that it lies within is counted as a whole.
        foreach (SpoolGap lost in ledger.Within(lane, end.Sequence + 1, mark?.Written.Sequence ?? 0))
        {
            end = Pass(end, lost);
        }
        end = Reach(end, isEmpty: newest is null);
        ulong lastFound = end.Sequence;
        ulong reserved = mark?.Reserved ?? (segments.Count > 0 && options.MayHold(lane) ? end.Sequence + FarAhead : 0);
        IsMemoryLost = reserved > end.Sequence;
        if (HasGivenUp)
        {
            end = GiveUp(end, reserved);
        }
        foreach (SpoolGap lost in ledger.Within(lane, end.Sequence + 1, ulong.MaxValue))
        {
            end = Pass(end, lost);
        }
        if (Torn && mayHaveLostWrites && !HasGivenUp)
        {
            // Half a record at the end was most likely never committed. But it may be a committed one, sent and then damaged: its
            // sequence is not used again, or the cloud would take the next record for a duplicate.
            end = end with { Sequence = end.Sequence + 1 };
            CorruptRecords++;
        }
        return new RecoveredLane(new LaneMark(released, end), segments, newest is { Segment.Level: 0 } ? newest.Value.Scan.End : null, HasGivenUp ? lastFound : end.Sequence);
    }

    /// <summary>
    /// None of the numbers that memory may have had is given again. They become losses of an unknown number of readings, but for those that are
    /// written down as lost for another cause.
    /// </summary>
    private Position GiveUp(Position end, ulong reserved)
    {
        List<SpoolGap> known = ledger.Within(lane, end.Sequence + 1, reserved);
        List<SpoolGap> gaps = EvictionTally.GapsBetween(known, end.Sequence + 1, reserved, LossCause.Unwritten);
        try
        {
            ledger.Add(lane, [.. gaps]);
        }
        catch (DiskFullException)
        {
            // Then readers find them missing, and tell of them as corrupt.
        }
        ulong items = known.Aggregate(0UL, static (sum, loss) => sum + loss.Items);
        return end with { Sequence = reserved, Items = end.Items + items };
    }

    /// <summary>No sequence that is written down as lost is ever given again.</summary>
    private Position Pass(Position end, in SpoolGap lost)
    {
        CorruptRecords += lost.From > end.Sequence ? lost.From - end.Sequence - 1 : 0;
        return end with { Sequence = lost.To, Items = end.Items + (lost.From > end.Sequence ? lost.Items : 0) };
    }

    /// <summary>
    /// Reaches what the mark says. It may lie within a loss that has grown since; then what the loss holds as a whole is in the total already.
    /// </summary>
    private Position Reach(Position end, bool isEmpty)
    {
        if (mark is not { Written: var known })
        {
            return end;
        }
        // Committed, and no longer there.
        CorruptRecords += known.Sequence > end.Sequence && !isEmpty ? known.Sequence - end.Sequence : 0;
        return new Position(Math.Max(known.Sequence, end.Sequence), Math.Max(known.Items, end.Items), Math.Max(known.Bytes, end.Bytes));
    }

    /// <summary>
    /// A thinned segment is the newest where the one behind it was begun and nothing of it written. What it stands for ends behind its records, and only
    /// its header knows how many readings that were: a mark from before may lie in between.
    /// </summary>
    private Position EndOf(FoundSegment newest, in SegmentScan scan, ulong bytesBefore, ulong floor)
    {
        var end = new Position(Math.Max(floor, scan.Last), scan.Items, bytesBefore + scan.Bytes);
        return newest.Identity.Level > 0 && newest.StateIn(spoolId) == HeaderState.Sound
            ? end with { Sequence = Math.Max(end.Sequence, newest.Identity.Thinned.Through), Items = newest.Header!.Value.Summary.ItemsThrough }
            : end;
    }

    /// <summary>As much as is on disk or written down as lost in front of it counts as unreleased.</summary>
    private ulong ReleasedWithoutMark(List<FoundSegment> found)
    {
        ulong oldest = found.Count > 0 ? found[0].First : 1;
        while (oldest > 1 && ledger.TryFind(lane, oldest - 1, out SpoolGap lost) && lost.From < oldest)
        {
            oldest = lost.From;
        }
        return oldest - 1;
    }

    /// <summary>Freed or dropped before the power went, but the new name was not durable yet.</summary>
    private void SetAsideWhatIsNotWanted(List<FoundSegment> found, ulong released)
    {
        for (int i = found.Count - 2; i >= 0; i--)
        {
            ulong next = Math.Max(found[i].First, released + 1);
            ulong last = found[i + 1].First - 1;
            while (next <= last && ledger.TryFind(lane, next, out SpoolGap lost) && lost.From <= next)
            {
                next = lost.To + 1;
            }
            if (next > last)
            {
                spares.Add(found[i].Name, found[i].File);
                found.RemoveAt(i);
            }
        }
    }

    private (FoundSegment Found, Segment Segment, SegmentScan Scan)? FindNewest(List<FoundSegment> found, ref ulong floor)
    {
        while (found.Count > 0)
        {
            FoundSegment newest = found[^1];
            found.RemoveAt(found.Count - 1);
            HeaderState state = newest.StateIn(spoolId);
            SegmentScan scan = SegmentScan.Read(newest, spoolId, ledger);
            if (scan.Any || state == HeaderState.Sound)
            {
                IsNewestRebuilt = state != HeaderState.Sound;
                return (newest, Keep(newest, state, scan, found), scan);
            }
            if (state == HeaderState.NotWritten)
            {
                spares.Add(newest.Name, newest.File);
                continue;
            }
            // It can have held no more records than fit in, none of which may ever be numbered again.
            ulong records = (ulong)(options.SegmentBytes / (RecordHeader.Bytes + 1));
            floor = Math.Max(floor, Math.Max(newest.First + records - 1, newest.Identity.Thinned.Through));
            SetAside(newest);
        }
        return null;
    }

    /// <summary>A segment that is not kept leaves its sequences to the one before, whose reader will find them missing.</summary>
    private List<Segment> KeepOlder(List<FoundSegment> found)
    {
        var segments = new List<Segment>();
        for (int i = 0; i < found.Count; i++)
        {
            FoundSegment older = found[i];
            HeaderState state = older.StateIn(spoolId);
            if (state == HeaderState.Sound)
            {
                segments.Add(Keep(older, state, default, found[..i]));
                continue;
            }
            SegmentScan scan = SegmentScan.Read(older, spoolId, ledger);
            if (scan.Any)
            {
                segments.Add(Keep(older, state, scan, found[..i]));
            }
            else
            {
                SetAside(older);
            }
        }
        return segments;
    }

    private Segment Keep(FoundSegment found, HeaderState state, in SegmentScan scan, List<FoundSegment> older)
    {
        SegmentIdentity identity = found.Identity with { SpoolId = spoolId };
        if (state == HeaderState.Sound)
        {
            SegmentHeader header = found.Header!.Value;
            return new Segment(found.File, identity, header.ItemsBefore, header.BytesBefore, now) { PayloadBytes = header.Summary.PayloadBytes };
        }
        HeadersRebuilt++;
        // The payload bytes before it serve an estimate only: as if the segments before were full.
        ulong bytesBefore = older.Count == 0 ? 0 : (older[^1].Header?.BytesBefore ?? 0) + (ulong)older[^1].File.Length;
        return new Segment(found.File, identity, ItemsBefore(found, scan, older), bytesBefore, now);
    }

    /// <summary>
    /// Where the header is damaged and the first records are gone with it, the running total begins where the segment before ends.
    /// </summary>
    private ulong ItemsBefore(FoundSegment found, in SegmentScan scan, List<FoundSegment> older)
    {
        ulong most = scan.ItemsBefore;
        if (scan.First == found.First)
        {
            return most;
        }
        if (older is [.., var before])
        {
            SegmentScan end = SegmentScan.Read(before, spoolId, ledger);
            ulong items = before.Identity.Level > 0 && before.StateIn(spoolId) == HeaderState.Sound
                ? before.Header!.Value.Summary.ItemsThrough
                : end.Items + ledger.ItemsWithin(lane, end.Last + 1, found.First - 1);
            return end.Any ? Math.Min(items, most) : most;
        }
        return mark is { Written: var known } && known.Sequence == found.First - 1 ? Math.Min(known.Items, most) : most;
    }

    private void SetAside(FoundSegment found)
    {
        long bytes = found.File.Length;
        found.File.Dispose();
        _quarantined.Add(quarantine.Add(found.Name, bytes));
    }
}
