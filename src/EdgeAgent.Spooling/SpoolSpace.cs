using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// The folder's room, shared by both lanes: which file a new segment gets, and what gives way when there is none. In this order: a
/// spare; a new file, as long as the cap and the free-space floor allow, after the quarantine if need be; the oldest live segment; the
/// oldest alarm segment, for alarms only. Everything here is called under <see cref="Gate"/>.
/// </summary>
internal sealed class SpoolSpace(
    ISpoolFiles files,
    SpoolOptions options,
    Guid spoolId,
    Guid bootId,
    MarkFile marks,
    LossLedger ledger,
    SpareSegments spares,
    Quarantine quarantine)
{
    /// <summary>Guards all that changes, except contents of files: syncs of the newest segment and reads go on outside.</summary>
    public Lock Gate { get; } = new();

    public SpoolOptions Options => options;

    public Guid SpoolId => spoolId;

    public Guid BootId => bootId;

    public LossLedger Ledger => ledger;

    /// <summary>Set once, when recovery has built them.</summary>
    public SegmentLog Alarm { get; set; } = null!;

    public SegmentLog Live { get; set; } = null!;

    public long EvictedSegments { get; private set; }

    public ulong EvictedRecords { get; private set; }

    public ulong EvictedItems { get; private set; }

    public long BytesOnDisk => ((long)Alarm.FileBytes + Live.FileBytes) + ((long)spares.Count * options.SegmentBytes)
        + quarantine.Bytes + MarkFile.FileBytes + ledger.FileBytes;

    /// <summary>
    /// A file for a new segment, under its new name, and that name durable. The file holds its previous life.
    /// </summary>
    /// <exception cref="SpoolFullException">There is none and nothing may give way.</exception>
    public ISpoolFile Take(SegmentIdentity identity)
    {
        DiskFullException? full = null;
        // More than once where what gave way was a file of another size, which is of no use as it is.
        while (spares.Count == 0 && !TryGrow(out full))
        {
            if (!TryEvict(identity.Lane))
            {
                throw new SpoolFullException(identity.Lane, full);
            }
        }
        spares.TryTake(out string name, out ISpoolFile file);
        while (spares.Count > 0 && files.AvailableBytes < options.FreeSpaceFloor)
        {
            spares.TryDelete();
        }
        files.Rename(name, identity.FileName);
        // Before any record in it is called committed: a synced file without a durable name is lost.
        files.SyncDirectory();
        return file;
    }

    /// <summary>The segment holds nothing that is still wanted, and that is durable. Its file can be used again.</summary>
    public void Free(Segment segment)
    {
        segment.Drop();
        spares.Add(segment.Identity.FileName, segment.File);
    }

    /// <summary>Returns when the marks of both lanes would survive a power cut.</summary>
    public void SaveMarks(bool closing) =>
        marks.Save(new Mark(0, spoolId, bootId, closing, Alarm.CurrentMark, Live.CurrentMark));

    /// <summary>Comes back under a cap that was lowered since the last run. The newest segment of a lane stays.</summary>
    public void Shrink()
    {
        while (BytesOnDisk > options.MaximumBytes
            && (quarantine.TryDeleteOldest() || spares.TryDelete() || TryEvictFrom(Live, 2) || TryEvictFrom(Alarm, 2)))
        {
        }
    }

    public void Close()
    {
        spares.Close();
        ledger.Dispose();
        marks.Dispose();
    }

    private bool TryGrow(out DiskFullException? full)
    {
        full = null;
        while (BytesOnDisk + options.SegmentBytes > options.MaximumBytes)
        {
            if (!quarantine.TryDeleteOldest())
            {
                return false;
            }
        }
        while (files.AvailableBytes - options.SegmentBytes < options.FreeSpaceFloor)
        {
            if (!quarantine.TryDeleteOldest())
            {
                return false;
            }
        }
        try
        {
            spares.Create();
            return true;
        }
        catch (DiskFullException reason)
        {
            full = reason;
            return false;
        }
    }

    /// <summary>
    /// Live gives way first, but keeps its newest segment when it is an alarm that needs room. Alarms give way to alarms only, except
    /// that each lane is owed one segment.
    /// </summary>
    private bool TryEvict(SpoolLane asking) => asking == SpoolLane.Live
        ? TryEvictFrom(Live, 1) || TryEvictFrom(Alarm, 2)
        : TryEvictFrom(Live, 2) || TryEvictFrom(Alarm, 1);

    private bool TryEvictFrom(SegmentLog log, int fewest)
    {
        if (log.SegmentCount < fewest)
        {
            return false;
        }
        (ulong records, ulong items) = log.Evict();
        EvictedSegments++;
        EvictedRecords += records;
        EvictedItems += items;
        return true;
    }
}
