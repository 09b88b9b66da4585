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
        var gaps = new List<SpoolGap>();
        for (ulong next = from; next <= to;)
        {
            bool any = ledger.TryFind(segment.Identity.Lane, next, out SpoolGap known) && known.From <= to;
            if (!any || known.From > next)
            {
                gaps.Add(new SpoolGap(next, any ? known.From - 1 : to, 0, LossCause.Evicted));
            }
            next = any ? known.To + 1 : to + 1;
        }
        CountItems(gaps, segment, to, itemsThrough);
        return gaps;
    }

    private static void CountItems(List<SpoolGap> gaps, Segment segment, ulong to, ulong itemsThrough)
    {
        using var cursor = new SegmentCursor();
        cursor.Open(segment.File, segment.ChecksumSeed);
        ulong expected = segment.First;
        ulong items = segment.ItemsBefore;
        while (expected <= to && cursor.TryFind(expected, to, out RecordHeader record, out _))
        {
            // Damaged records in between are known by what is missing from the running total.
            Add(gaps, expected, record.ItemsBefore - Math.Min(items, record.ItemsBefore));
            Add(gaps, record.Sequence, record.Items);
            items = record.ItemsThrough;
            expected = record.Sequence + 1;
        }
        Add(gaps, expected, itemsThrough - Math.Min(items, itemsThrough));
    }

    private static void Add(List<SpoolGap> gaps, ulong sequence, ulong items)
    {
        int index = items == 0 ? -1 : gaps.FindIndex(gap => gap.From <= sequence && sequence <= gap.To);
        if (index >= 0)
        {
            gaps[index] = gaps[index] with { Items = gaps[index].Items + items };
        }
    }
}
