using System.Globalization;
using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// The folder's room, shared by the lanes: which file a new segment gets, and what gives way when there is none. In this order: a
/// spare; a new file, as long as the cap and the free-space floor allow, after the quarantine if need be; what thinning old segments
/// frees, of the backlog before the live lane; the oldest segment of the backlog; the oldest live segment; the oldest alarm segment, for
/// alarms only. Everything here is called under <see cref="Gate"/>, except where it says so.
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
    /// <summary>A stretch of two, and the newest one.</summary>
    private const int FewestToThin = 3;

    /// <summary>Attempts that a reader or a receipt may thwart before the oldest is dropped after all.</summary>
    private const int MostOvertaken = 3;

    private readonly SegmentLog[] _logs = new SegmentLog[Lanes.All.Length];
    private long _lentBytes;

    /// <summary>Guards all that changes, except contents of files: syncs of the newest segment and reads go on outside.</summary>
    public Lock Gate { get; } = new();

    /// <summary>
    /// Held, before the gate, while a lane gets a new segment: what one lane has made room for, the other one would take.
    /// </summary>
    public Lock Rolling { get; } = new();

    public SpoolOptions Options => options;

    public Guid SpoolId => spoolId;

    public Guid BootId => bootId;

    public LossLedger Ledger => ledger;

    /// <summary>Set once each, when recovery has built them.</summary>
    public SegmentLog this[SpoolLane lane]
    {
        get => _logs[Lanes.IndexOf(lane)];
        set => _logs[Lanes.IndexOf(lane)] = value;
    }

    public IReadOnlyList<SegmentLog> Logs => _logs;

    public bool IsAnyBroken => _logs.Any(static log => log.IsBroken);

    public long EvictedSegments { get; private set; }

    public ulong EvictedRecords { get; private set; }

    public ulong EvictedItems { get; private set; }

    /// <summary>Null where nothing is thinned.</summary>
    public Thinning? Thinning { get; private set; }

    public long BytesOnDisk => _logs.Sum(static log => log.FileBytes) + ((long)spares.Count * options.SegmentBytes)
        + _lentBytes + quarantine.Bytes + MarkFile.FileBytes + ledger.FileBytes;

    /// <summary>
    /// A file for a new segment, under its new name, and that name durable. The file holds its previous life.
    /// </summary>
    /// <exception cref="SpoolFullException">There is none and nothing may give way.</exception>
    public ISpoolFile Take(SegmentIdentity identity)
    {
        DiskFullException? full = null;
        // More than once where what gave way was a file of another size, which is of no use as it is.
        while (spares.Count < SparesWanted && !TryGrow(out full))
        {
            // An alarm does not give way so that something can be thinned one day.
            if (!(spares.Count == 0 ? TryEvict(identity.Lane) : TryEvictThinned(FewestToThin)))
            {
                if (spares.Count > 0)
                {
                    break;
                }
                throw new SpoolFullException(identity.Lane, full);
            }
        }
        spares.TryTake(out string name, out ISpoolFile file);
        while (spares.Count > SparesWanted - 1 && files.AvailableBytes < options.FreeSpaceFloor)
        {
            spares.TryDelete();
        }
        files.Rename(name, identity.FileName);
        // Before any record in it is called committed: a synced file without a durable name is lost.
        files.SyncDirectory();
        return file;
    }

    /// <summary>
    /// Thins, as long as the next segment could not be had without dropping something. Called with <see cref="Rolling"/> held and the
    /// gate not.
    /// </summary>
    public void MakeRoom()
    {
        int overtaken = 0;
        while (Thinning is not null && overtaken < MostOvertaken && !IsRoom())
        {
            switch (Thinning.TryOnce())
            {
                case ThinningResult.NothingToThin:
                    return;
                case ThinningResult.Overtaken:
                    overtaken++;
                    break;
                case ThinningResult.Thinned or ThinningResult.LeftAlone:
                    break;
            }
        }
    }

    /// <summary>
    /// Keeps a record that the cloud will never take, where there is room besides everything else: it takes nobody's place. The file holds the record's payload.
    /// </summary>
    public void KeepRefused(SpoolLane lane, ulong sequence, ReadOnlySpan<byte> payload)
    {
        if (BytesOnDisk + payload.Length <= options.MaximumBytes && files.AvailableBytes - payload.Length >= options.FreeSpaceFloor)
        {
            quarantine.Write(string.Create(CultureInfo.InvariantCulture, $"{SegmentIdentity.NameOf(lane)}-{sequence:x16}{Quarantine.RefusedExtension}"), payload);
        }
    }

    /// <summary>A spare file to write what is thinned into, under the name that it has.</summary>
    public bool TryLend(out string name, out ISpoolFile file)
    {
        if (!spares.TryTake(out name, out file))
        {
            return false;
        }
        _lentBytes += options.SegmentBytes;
        return true;
    }

    /// <summary>What was lent is a spare again.</summary>
    public void TakeBack(string name, ISpoolFile file)
    {
        _lentBytes -= options.SegmentBytes;
        spares.Return(name, file);
    }

    /// <summary>What was lent is a segment now, and its name durable.</summary>
    public void Publish(string name, in SegmentIdentity identity)
    {
        _lentBytes -= options.SegmentBytes;
        files.Rename(name, identity.FileName);
        files.SyncDirectory();
    }

    /// <summary>The segment holds nothing that is still wanted, and that is durable. Its file can be used again.</summary>
    public void Free(Segment segment)
    {
        segment.Drop();
        if (segment.DiskFile is { } file)
        {
            spares.Add(segment.Identity.FileName, file);
        }
    }

    /// <summary>Returns when the marks of all lanes would survive a power cut.</summary>
    public void SaveMarks(bool closing) => marks.Save(CurrentMark(closing));

    /// <summary>Returns when no sequence that is reserved can be given again, whatever becomes of one of the slots.</summary>
    public void SaveReservation() => marks.SaveTwice(CurrentMark(closing: false));

    /// <summary>Comes back under a cap that was lowered since the last run. The newest segment of a lane stays.</summary>
    public void Shrink()
    {
        while (BytesOnDisk > options.MaximumBytes
            && (quarantine.TryDeleteOldest() || spares.TryDelete() || TryEvictIdle() || TryEvictThinned(2) || TryEvictFrom(SpoolLane.Alarm, 2)))
        {
        }
    }

    /// <summary>Set once, when recovery is done.</summary>
    public void UseThinner(ISpoolThinner thinner) => Thinning = new Thinning(this, thinner);

    public void Close()
    {
        foreach (SegmentLog log in _logs)
        {
            log.Close();
        }
        spares.Close();
        ledger.Dispose();
        marks.Dispose();
    }

    /// <summary>
    /// One, and one more to write into as long as there is something to thin: with the reserve gone, room could only be made by
    /// dropping.
    /// </summary>
    private int SparesWanted => Thinning is not null && Lanes.Thinned.Any(lane => this[lane].WrittenCount >= FewestToThin) ? 2 : 1;

    private Mark CurrentMark(bool closing) => new(
        0, spoolId, bootId, closing, this[SpoolLane.Alarm].CurrentMark, this[SpoolLane.Live].CurrentMark, this[SpoolLane.Backlog].CurrentMark);

    private bool IsRoom()
    {
        lock (Gate)
        {
            while (spares.Count < SparesWanted)
            {
                if (!TryGrow(out _))
                {
                    return false;
                }
            }
            return true;
        }
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
    /// The backlog gives way first, then live. Each lane keeps its newest segment, whose end may not be committed, except the one that asks:
    /// that one begins a newer one. Alarms give way to alarms only, except that each lane is owed one segment.
    /// </summary>
    private bool TryEvict(SpoolLane asking) => TryEvictIdle() || TryEvictThinned(2) || asking switch
    {
        SpoolLane.Alarm => TryEvictFrom(SpoolLane.Alarm, 1),
        _ => TryEvictFrom(asking, 1) || TryEvictFrom(SpoolLane.Alarm, 2),
    };

    private bool TryEvictThinned(int fewest) => Lanes.Thinned.Any(lane => TryEvictFrom(lane, fewest));

    /// <summary>A backlog that was sent as a whole keeps its last file until somebody needs it.</summary>
    private bool TryEvictIdle() =>
        this[SpoolLane.Backlog] is { SegmentCount: 1 } backlog && backlog.Released == backlog.Tail && TryEvictFrom(SpoolLane.Backlog, 1);

    private bool TryEvictFrom(SpoolLane lane, int fewest)
    {
        SegmentLog log = this[lane];
        // What memory holds takes no room here.
        if (log.WrittenCount < fewest)
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
