using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>
/// A spool seen from outside: also one that an agent is writing at this moment, or a copy, or one on a disk that cannot be written. It
/// is what the agent would find if it started now. Nothing is changed and no lock is taken.
/// </summary>
public sealed class SpoolView : IDisposable
{
    /// <summary>Each fails only where the owner renamed a file within the milliseconds that it takes.</summary>
    private const int Attempts = 50;

    private readonly FolderSnapshot _folder;
    private readonly SpoolSpace _space;
    private readonly SpoolLaneView[] _lanes;

    private SpoolView(string path, FolderSnapshot folder)
    {
        Path = path;
        _folder = folder;
        Files = folder.Listed.Count;
        SpareBytes = folder.Listed.Where(SpareSegments.IsName).Sum(folder.LengthOf);
        Spares = folder.Listed.Count(SpareSegments.IsName);
        Quarantined = [.. folder.Listed.Where(static name => name.Contains('/', StringComparison.Ordinal))];
        QuarantinedBytes = Quarantined.Sum(folder.LengthOf);
        FilesBytes = folder.Listed.Sum(folder.LengthOf);
        SpoolOptions options = FoundOptions.Of(path, folder.Listed.Select(name => (name, folder.LengthOf(name))));
        options.GivesUpReserved = false;
        // The boot of the last owner: half a record at the end is one that is being written, and no sequence is given up for it.
        MarkFile.Open(folder, out Mark? mark).Dispose();
        Guid boot = mark?.BootId ?? Guid.Empty;
        (_space, Recovery) = SpoolRecovery.Run(folder, options, TimeProvider.System, boot);
        _lanes = [.. Lanes.All.Select(ViewOf)];
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Made with the spool.</summary>
    public Guid Id => _space.SpoolId;

    /// <summary>What the agent would say if it started now. While it runs, the spool was naturally not closed in order.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>The lane of alarms.</summary>
    public SpoolLaneView Alarm => this[SpoolLane.Alarm];

    /// <summary>The lane of what is sent as it comes.</summary>
    public SpoolLaneView Live => this[SpoolLane.Live];

    /// <summary>The lane of what will be late.</summary>
    public SpoolLaneView Backlog => this[SpoolLane.Backlog];

    /// <summary>All files in the folder.</summary>
    public int Files { get; }

    /// <summary>Their bytes.</summary>
    public long FilesBytes { get; }

    /// <summary>Files that hold nothing and wait to be used.</summary>
    public int Spares { get; }

    /// <summary>Their bytes.</summary>
    public long SpareBytes { get; }

    /// <summary>Files that made no sense and were set aside, with their folder in front.</summary>
    public IReadOnlyList<string> Quarantined { get; }

    /// <summary>Their bytes.</summary>
    public long QuarantinedBytes { get; }

    internal FolderSnapshot Folder => _folder;

    internal SpoolSpace Space => _space;

    /// <summary>One of the lanes.</summary>
    public SpoolLaneView this[SpoolLane lane] => _lanes[Lanes.IndexOf(lane)];

    /// <summary>Looks at a folder.</summary>
    /// <exception cref="NotASpoolException">There is no spool in it.</exception>
    /// <exception cref="IOException">It cannot be read, or changes too fast.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SpoolView Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(full))
        {
            throw new NotASpoolException(
                File.Exists(full) ? $"{full} is a file. A spool is a folder: name that." : $"There is no folder {full}. Check the path.");
        }
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (TryOpen(full) is { } view)
            {
                return view;
            }
        }
        throw new IOException($"The spool in {full} changes faster than it can be looked at. Try again, or stop the agent.");
    }

    /// <summary>Reads what is not released, from a sequence on, and goes on when the owner changes the folder meanwhile.</summary>
    public SpoolViewReader OpenReader(SpoolLane lane, ulong fromSequence = 1) => new(this, lane, fromSequence);

    /// <summary>Reads from a sequence on what is still there, also what is released.</summary>
    public LookBack LookBack(SpoolLane lane, ulong fromSequence) => new(_space, LogOf(lane), fromSequence);

    /// <summary>The segments of a lane, oldest first.</summary>
    public IReadOnlyList<SpoolSegment> SegmentsOf(SpoolLane lane)
    {
        SegmentLog log = LogOf(lane);
        return [.. Enumerable.Range(0, log.SegmentCount).Select(index => Describe(log, index))];
    }

    /// <summary>
    /// Whether a segment has been freed, dropped or thinned since. Then a record that is missing may not be lost but released, and a
    /// new view says which.
    /// </summary>
    public bool IsOutdated() => _folder.IsGone(static name => SegmentIdentity.TryParse(name, out _));

    /// <summary>
    /// Returns when what this view shows would survive a power cut: without it a record that was written, but not synced yet, could be
    /// carried away while the device loses it and gives its number to another one.
    /// </summary>
    public void MakeDurable()
    {
        foreach (SegmentLog log in _space.Logs)
        {
            (log.Newest?.File as SnapshotFile)?.SyncDisk();
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _space.Close();
        _folder.Dispose();
    }

    internal static bool IsOfSpool(string name) => name == "marks" || SegmentIdentity.TryParse(name, out _);

    internal SegmentLog LogOf(SpoolLane lane) => _space[lane];

    internal static SpoolSegment Describe(SegmentLog log, int index)
    {
        Segment segment = log.Segments[index];
        ulong itemsThrough = index + 1 < log.SegmentCount ? log.Segments[index + 1].ItemsBefore : log.CommittedPosition.Items;
        return new SpoolSegment(
            segment.First, (int)segment.File.Length, segment.ItemsBefore, segment.BytesBefore, segment.Level,
            segment.Identity.Thinned.Through, itemsThrough);
    }

    /// <returns>Null where the owner changed the folder in a way that makes nonsense of what was seen.</returns>
    private static SpoolView? TryOpen(string path)
    {
        FolderSnapshot folder = FolderSnapshot.Take(path);
        SpoolView? view = null;
        try
        {
            if (!folder.Listed.Any(IsOfSpool))
            {
                throw new NotASpoolException($"{path} holds no spool: neither marks nor segments. Check the path.");
            }
            view = new SpoolView(path, folder);
            // Where a stretch was thinned between the listing and the reading of the ledger, the ledger says what is gone and the list
            // does not say what has taken its place.
            return folder.IsNew(static name => SegmentIdentity.TryParse(name, out SegmentIdentity identity) && identity.Level > 0)
                ? view = null
                : view;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        finally
        {
            if (view is null)
            {
                folder.Dispose();
            }
        }
    }

    private SpoolLaneView ViewOf(SpoolLane lane)
    {
        SegmentLog log = LogOf(lane);
        return new SpoolLaneView
        {
            Lane = lane,
            Released = log.Released,
            Committed = log.Committed,
            Segments = log.SegmentCount,
            FileBytes = log.FileBytes,
            BacklogBytes = Spooling.Backlog.Bytes(log),
            Readings = UnreleasedItems(lane, log),
            ReadingsThrough = log.CommittedPosition.Items,
            BytesThrough = log.CommittedPosition.Bytes,
            Losses = _space.Ledger.Within(lane, log.Released + 1, ulong.MaxValue),
        };
    }

    /// <summary>The running total at the end, less that at Released, for which the records of one segment are passed.</summary>
    private ulong UnreleasedItems(SpoolLane lane, SegmentLog log)
    {
        if (log.SegmentCount == 0 || log.Released >= log.Committed)
        {
            return 0;
        }
        Segment oldest = log.Segments[Math.Max(0, log.IndexOf(log.Released + 1))];
        ulong before = oldest.ItemsBefore;
        ulong behind = Math.Max(log.Released, oldest.First - 1);
        using var cursor = new SegmentCursor();
        cursor.Open(oldest);
        while (behind >= oldest.First && cursor.TryFind(oldest.First, behind, out RecordHeader record, out _) && record.Sequence <= behind)
        {
            before = record.ItemsThrough;
            if (record.Sequence == behind)
            {
                break;
            }
        }
        ulong all = log.CommittedPosition.Items - Math.Min(before, log.CommittedPosition.Items);
        return all - Math.Min(all, _space.Ledger.ItemsWithin(lane, behind + 1, ulong.MaxValue));
    }
}
