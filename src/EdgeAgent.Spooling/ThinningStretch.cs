namespace EdgeAgent.Spooling;

/// <summary>
/// Two neighbours that are to become one segment: either both of the level below, or one that has the level already and is not full,
/// with the next one of the level below. Two at a time, so that an append never waits for more.
/// </summary>
/// <param name="Older">Where the stretch begins.</param>
/// <param name="Newer">Where it ends.</param>
/// <param name="Level">The level to reach.</param>
/// <param name="ItemsThrough">Readings of the lane through the stretch.</param>
/// <param name="Known">What the ledger says of the stretch, in order.</param>
internal sealed record ThinningStretch(Segment Older, Segment Newer, int Level, ulong ItemsThrough, IReadOnlyList<SpoolGap> Known)
{
    public SpoolLane Lane => Older.Identity.Lane;

    /// <summary>What is at this level already and goes on unchanged; null where there is nothing.</summary>
    public Segment? Head => Older.Level == Level ? Older : null;

    /// <summary>What is to be thinned.</summary>
    public IReadOnlyList<Segment> Inputs => Head is null ? [Older, Newer] : [Newer];

    public ulong First => Older.First;

    public ulong Through => Newer.Last;

    public ulong ItemsBefore => Older.ItemsBefore;

    public ulong BytesBefore => Older.BytesBefore;

    /// <summary>Part of it was released or dropped meanwhile: what is read from now on may be the file's next life.</summary>
    public bool IsGone => Older.Dropped || Newer.Dropped;

    /// <summary>
    /// The oldest stretch that begins behind a sequence; the finer level first. The newest segment is never in one. Called under the
    /// spool's gate.
    /// </summary>
    public static ThinningStretch? Find(SegmentLog log, LossLedger ledger, ulong behind, int levels)
    {
        IReadOnlyList<Segment> segments = log.Segments;
        for (int level = 1; level <= levels; level++)
        {
            for (int i = 0; i + 2 < segments.Count; i++)
            {
                Segment older = segments[i];
                Segment newer = segments[i + 1];
                bool mayBegin = older.First > behind
                    && (older.Level == level ? !older.IsFull : older.Level == level - 1 && !older.IsLeftAlone);
                if (mayBegin && newer.Held is null && newer.Level == level - 1 && !newer.IsLeftAlone)
                {
                    List<SpoolGap> known = ledger.Within(older.Identity.Lane, older.First, newer.Last);
                    return new ThinningStretch(older, newer, level, segments[i + 2].ItemsBefore, known);
                }
            }
        }
        return null;
    }

    /// <summary>Whether a sequence is lost for another cause than thinning: it keeps its number.</summary>
    public bool TryForeign(ulong sequence, out SpoolGap loss)
    {
        foreach (SpoolGap known in Known)
        {
            if (known.From <= sequence && sequence <= known.To && known.Cause != LossCause.Thinned)
            {
                loss = known;
                return true;
            }
        }
        loss = default;
        return false;
    }

    /// <summary>Reads one or both of its segments.</summary>
    public SegmentWalk Walk(IReadOnlyList<Segment> segments) => segments[^1] == Newer
        ? new SegmentWalk(segments, Through, ItemsThrough, Known)
        : new SegmentWalk(segments, Older.Last, Newer.ItemsBefore, Known);

    /// <summary>The attempt has come to nothing: it is not made again with what was to blame.</summary>
    public void LeaveAlone(bool isFull)
    {
        if (Head is { } head && isFull)
        {
            head.IsFull = true;
        }
        else
        {
            Inputs[0].IsLeftAlone = true;
        }
    }
}
