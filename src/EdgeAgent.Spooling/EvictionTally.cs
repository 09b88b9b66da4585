using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// What is lost with a segment. Records in it that were refused or lost before stand in the ledger already and are not counted again,
/// so the segment is read once more; next to the writing that follows, that is little.
/// </summary>
internal static class EvictionTally
{
    /// <summary>The gaps between the ledger's entries from <paramref name="from"/> to <paramref name="to"/>, with their readings.</summary>
    public static List<SpoolGap> Count(LossLedger ledger, Segment segment, ulong from, ulong to, ulong itemsThrough)
    {
        List<SpoolGap> known = ledger.Within(segment.Identity.Lane, segment.First, to);
        List<SpoolGap> gaps = GapsBetween(known, from, to, LossCause.Evicted);
        using var walk = new SegmentWalk([segment], to, itemsThrough, known);
        try
        {
            while (walk.TryRead(out RecordHeader record, out _))
            {
                Add(gaps, record.Sequence, record.Items);
            }
        }
        catch (IOException)
        {
            // What cannot be read any more is counted by what is missing from the running total.
            return WithTotal(gaps, segment, itemsThrough, known, from);
        }
        foreach (SpoolGap missing in walk.Missing)
        {
            Add(gaps, missing.From, missing.Items);
        }
        return gaps;
    }

    /// <summary>The parts of a range that no entry covers, without their readings.</summary>
    public static List<SpoolGap> GapsBetween(IEnumerable<SpoolGap> known, ulong from, ulong to, LossCause cause)
    {
        var gaps = new List<SpoolGap>();
        ulong next = from;
        foreach (SpoolGap loss in known.Where(loss => loss.To >= from && loss.From <= to))
        {
            if (loss.From > next)
            {
                gaps.Add(new SpoolGap(next, loss.From - 1, 0, cause));
            }
            next = loss.To + 1;
        }
        if (next <= to)
        {
            gaps.Add(new SpoolGap(next, to, 0, cause));
        }
        return gaps;
    }

    private static List<SpoolGap> WithTotal(List<SpoolGap> gaps, Segment segment, ulong itemsThrough, List<SpoolGap> known, ulong from)
    {
        List<SpoolGap> blank = [.. gaps.Select(gap => gap with { Items = 0 })];
        ulong items = itemsThrough - Math.Min(segment.ItemsBefore, itemsThrough);
        ulong accounted = known.Aggregate(0UL, (sum, loss) => sum + loss.Items);
        // What was released of the segment is in it too: more than was lost, rather than less.
        Add(blank, Math.Max(from, blank.Count > 0 ? blank[0].From : from), items - Math.Min(items, accounted));
        return blank;
    }

    /// <summary>Adds readings to the gap that holds a sequence. One that is in none was released before.</summary>
    private static void Add(List<SpoolGap> gaps, ulong sequence, ulong items)
    {
        int index = items == 0 ? -1 : gaps.FindIndex(gap => gap.From <= sequence && sequence <= gap.To);
        if (index >= 0)
        {
            gaps[index] = gaps[index] with { Items = gaps[index].Items + items };
        }
    }
}
