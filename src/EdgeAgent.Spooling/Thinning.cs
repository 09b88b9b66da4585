using System.Security.Cryptography;
using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// Makes two old segments of one lane into one, of the backlog as long as there are any, then of the live lane. Whoever appends does it
/// when it needs a segment and there is none: nothing can come in faster than room is made, and there is no thread to stop. The gate is
/// held for the choice and for the exchange only, so readers and receipts do not wait for the work in between. The order:
/// <list type="number">
/// <item>the new segment is written into a spare file and synced;</item>
/// <item>the file gets its name, and the name is synced: from here on the new segment is what counts (<see cref="LaneRecovery"/> sets
/// the old ones aside where it finds both);</item>
/// <item>the ledger says what went, and is synced;</item>
/// <item>the old files become spares.</item>
/// </list>
/// </summary>
internal sealed class Thinning(SpoolSpace space, ISpoolThinner thinner)
{
    public long Segments { get; private set; }

    public ulong Items { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Called outside the gate, by one thread at a time.</summary>
    public ThinningResult TryOnce()
    {
        ThinningStretch? stretch;
        string spareName;
        ISpoolFile file;
        lock (space.Gate)
        {
            stretch = FindStretch();
            if (stretch is null || !space.TryLend(out spareName, out file))
            {
                return ThinningResult.NothingToThin;
            }
        }
        SegmentLog log = space[stretch.Lane];
        var identity = new SegmentIdentity(
            space.SpoolId,
            stretch.Lane,
            stretch.First,
            new ThinnedIdentity((byte)stretch.Level, stretch.Through, (uint)RandomNumberGenerator.GetInt32(int.MaxValue)));
        ThinningRun? run = Run(stretch, file, identity, out bool isSound);
        lock (space.Gate)
        {
            if (log.IsBroken || log.Closed || stretch.IsGone || stretch.First <= log.MayBeSent)
            {
                space.TakeBack(spareName, file);
                return ThinningResult.Overtaken;
            }
            if (!isSound)
            {
                space.TakeBack(spareName, file);
                stretch.LeaveAlone(run is { IsFull: true } or { IsHeadDamaged: true });
                Refused++;
                return ThinningResult.LeftAlone;
            }
            try
            {
                return TryExchange(stretch, run!, spareName, file, identity);
            }
            catch (Exception failed) when (SpoolBrokenException.IsReason(failed))
            {
                // Which of both is on the disk can only be found out there. Where the exchange is done, readers stand in the new one already.
                if (log.Segments.All(segment => segment.File != file))
                {
                    file.Dispose();
                }
                log.Broken?.Invoke(failed);
                return ThinningResult.NothingToThin;
            }
        }
    }

    /// <summary>Under the gate.</summary>
    private ThinningStretch? FindStretch()
    {
        foreach (SpoolLane lane in Lanes.Thinned)
        {
            SegmentLog log = space[lane];
            if (!log.IsBroken && !log.Closed
                && ThinningStretch.Find(log, space.Ledger, log.MayBeSent, thinner.Levels) is { } stretch)
            {
                return stretch;
            }
        }
        return null;
    }

    /// <summary>What the thinner does never hurts the spool: whatever it throws, the stretch stays as it is.</summary>
    private ThinningRun? Run(ThinningStretch stretch, ISpoolFile file, in SegmentIdentity identity, out bool isSound)
    {
        ThinningRun? run = null;
        try
        {
            run = new ThinningRun(stretch, file, identity, space.Options);
            if (!run.IsHeadDamaged)
            {
                thinner.Thin(run);
            }
            isSound = run is { IsHeadDamaged: false, IsFull: false, IsReadToTheEnd: true, RecordsAppended: > 0 }
                && run.Summary.LastRecord < stretch.Through;
            if (isSound)
            {
                run.Finish(space.BootId, space.Options.SegmentBytes);
            }
        }
        catch (Exception)
        {
            isSound = false;
        }
        finally
        {
            run?.Close();
        }
        return run;
    }

    /// <summary>The exchange, up to the point of no return: what may still come to nothing.</summary>
    private ThinningResult TryExchange(
        ThinningStretch stretch, ThinningRun run, string spareName, ISpoolFile file, in SegmentIdentity identity)
    {
        ThinningSummary summary = run.Summary;
        List<SpoolGap> gaps = GapsOf(stretch, run);
        try
        {
            if (run.Missing.Count > 0)
            {
                // True whatever becomes of this attempt. The next one keeps their numbers free.
                space.Ledger.Add(stretch.Lane, [.. run.Missing]);
            }
            space.Ledger.Reserve(gaps.Count);
        }
        catch (DiskFullException)
        {
            space.TakeBack(spareName, file);
            return ThinningResult.NothingToThin;
        }
        if (run.Missing.Any(missing => missing.From <= summary.LastRecord))
        {
            space.TakeBack(spareName, file);
            return ThinningResult.Overtaken;
        }
        if (gaps.Count == 0)
        {
            space.TakeBack(spareName, file);
            stretch.LeaveAlone(isFull: false);
            Refused++;
            return ThinningResult.LeftAlone;
        }
        space.Publish(spareName, identity);
        space.Ledger.ReplaceThinned(stretch.Lane, stretch.First, stretch.Through, [.. gaps]);
        space[stretch.Lane].Replace(stretch, new Segment(file, identity, stretch.ItemsBefore, stretch.BytesBefore, stretch.Older.FirstAppended)
        {
            Last = stretch.Through,
            PayloadBytes = summary.PayloadBytes,
            LastAppended = stretch.Newer.LastAppended,
        });
        Segments += 2;
        Items += gaps[0].Items - Math.Min(ItemsOf(stretch.Known, LossCause.Thinned), gaps[0].Items);
        return ThinningResult.Thinned;
    }

    private static List<SpoolGap> GapsOf(ThinningStretch stretch, ThinningRun run)
    {
        IEnumerable<SpoolGap> others = stretch.Known.Where(static loss => loss.Cause != LossCause.Thinned)
            .Concat(run.Missing).OrderBy(static loss => loss.From);
        ThinningSummary summary = run.Summary;
        return ThinnedGaps.Count([.. others], summary, stretch.Through);
    }

    private static ulong ItemsOf(IEnumerable<SpoolGap> losses, LossCause cause) =>
        losses.Where(loss => loss.Cause == cause).Aggregate(0UL, (sum, loss) => sum + loss.Items);
}
