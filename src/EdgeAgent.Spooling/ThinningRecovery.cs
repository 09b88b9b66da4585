using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// Finishes what a power cut has interrupted: a thinned segment has its name only when all of it is on disk, so where it is found, it
/// counts, and what it replaces goes. What the ledger was to say of it stands in its header.
/// </summary>
internal sealed class ThinningRecovery(SpoolLane lane, Guid spoolId, LossLedger ledger, SpareSegments spares)
{
    /// <param name="found">The lane's files, oldest first.</param>
    /// <param name="released">What the cloud knows.</param>
    public void SetAsideWhatWasThinned(List<FoundSegment> found, ulong released)
    {
        // The wider one, and the coarser of two that reach equally far, was made of the other.
        List<FoundSegment> thinned = [.. found.Where(static each => each.Identity.Level > 0)
            .OrderByDescending(static each => each.Identity.Thinned.Through).ThenBy(static each => each.First)
            .ThenByDescending(static each => each.Identity.Level)];
        foreach (FoundSegment made in thinned)
        {
            if (!found.Contains(made))
            {
                continue;
            }
            ulong through = made.Identity.Thinned.Through;
            List<FoundSegment> replaced = [.. found.Where(each => each != made && made.First <= each.First && each.First <= through)];
            if (replaced.Count > 0 && !IsWritten(made) && replaced[0].First == made.First && !IsWhole(made))
            {
                // Two misfortunes in one: what it was made of is still there, and it was damaged.
                SetAside(made, found);
                continue;
            }
            if (through > released && made.StateIn(spoolId) == HeaderState.Sound)
            {
                WriteDown(made);
            }
            replaced.ForEach(each => SetAside(each, found));
        }
    }

    /// <summary>Whether the ledger was written, so that the old segments had begun to go.</summary>
    private bool IsWritten(FoundSegment made) => ledger.Within(lane, made.First, made.Identity.Thinned.Through) is [.., var last]
        && last.Cause == LossCause.Thinned && last.To == made.Identity.Thinned.Through;

    private bool IsWhole(FoundSegment made)
    {
        SegmentScan scan = SegmentScan.Read(made, spoolId, ledger);
        return made.StateIn(spoolId) == HeaderState.Sound && scan.Corrupt == 0 && scan.Last == made.Header!.Value.Summary.LastRecord;
    }

    private void WriteDown(FoundSegment made)
    {
        ulong through = made.Identity.Thinned.Through;
        ThinningSummary summary = made.Header!.Value.Summary;
        List<SpoolGap> known = ledger.Within(lane, made.First, through);
        List<SpoolGap> gaps = ThinnedGaps.Count([.. known.Where(static loss => loss.Cause != LossCause.Thinned)], summary, through);
        if (!gaps.SequenceEqual(known.Where(static loss => loss.Cause == LossCause.Thinned)))
        {
            ledger.ReplaceThinned(lane, made.First, through, [.. gaps]);
        }
    }

    private void SetAside(FoundSegment segment, List<FoundSegment> found)
    {
        found.Remove(segment);
        spares.Add(segment.Name, segment.File);
    }
}
