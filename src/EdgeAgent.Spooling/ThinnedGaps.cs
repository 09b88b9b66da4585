using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>What the ledger has to say of a thinned segment.</summary>
internal static class ThinnedGaps
{
    /// <summary>
    /// The sequences behind the last record that are not lost for another cause, with all readings that went: how they split where
    /// there is more than one gap is not known any more, so the first one has them.
    /// </summary>
    /// <param name="losses">What is lost for other causes from there to the end of the stretch.</param>
    /// <param name="summary">What the segment's header says.</param>
    /// <param name="through">The last sequence of the stretch.</param>
    public static List<SpoolGap> Count(IReadOnlyList<SpoolGap> losses, in ThinningSummary summary, ulong through)
    {
        ulong from = summary.LastRecord + 1;
        ulong items = summary.ItemsThrough - Math.Min(summary.ItemsLast, summary.ItemsThrough);
        List<SpoolGap> gaps = EvictionTally.GapsBetween(losses, from, through, LossCause.Thinned);
        ulong accounted = losses.Where(loss => loss.From >= from && loss.To <= through).Aggregate(0UL, (sum, loss) => sum + loss.Items);
        if (gaps.Count > 0)
        {
            gaps[0] = gaps[0] with { Items = items - Math.Min(items, accounted) };
        }
        return gaps;
    }
}
