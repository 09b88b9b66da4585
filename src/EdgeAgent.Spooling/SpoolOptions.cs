using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>Where the spool lives and how much it may take.</summary>
public sealed class SpoolOptions
{
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;

    /// <summary>Each segment is an open file. A quarter of the 4,096 that the kernel lets a process raise its limit to by default.</summary>
    private const int MostSegments = 1024;
    private int? _segmentBytes;
    private long? _maximumInFlightBytes;

    /// <summary>
    /// The folder. It is created where it is missing; everything in it belongs to the spool. No default: a buffer in a wrong place is
    /// no buffer.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// All that the folder may take, in bytes: all lanes, spares, quarantine. Default 64 MiB: 25 days of a hundred sensors
    /// read every ten seconds, at 3 bytes a reading, and little on the smallest card sold. At least 4 MiB, and four segments.
    /// </summary>
    public long MaximumBytes { get; set; } = 64 * MiB;

    /// <summary>
    /// Bytes of the file system that the spool leaves to others: it does not grow where less than this would be left, and hands spare
    /// segments back. Default 32 MiB: room for a log to be written that says why the disk is full.
    /// </summary>
    public long FreeSpaceFloor { get; set; } = 32 * MiB;

    /// <summary>
    /// Bytes of one segment file, the unit of release and of loss, in whole pages of 4 KiB. Default 1 MiB, or an eighth of
    /// <see cref="MaximumBytes"/> where that is less: small enough that dropping one hurts little and reading one at start takes a
    /// moment, large enough that the work at its change does not show; above 512 MiB a 512th, as each segment is an open file. 256
    /// KiB to 16 MiB.
    /// </summary>
    public int SegmentBytes
    {
        get => _segmentBytes
            ?? (int)WholePages(Math.Clamp(Math.Max(Math.Min(MaximumBytes / 8, MiB), MaximumBytes / 512), 256 * KiB, 16 * MiB));
        set => _segmentBytes = value;
    }

    /// <summary>
    /// The longest that an appended record waits for its sync when nobody calls <see cref="SpoolQueue.CommitAsync"/>: what a power cut
    /// can cost. Default 1 s: batches close more rarely than that, so it costs no write. Zero starts a commit with every append; <see
    /// cref="Timeout.InfiniteTimeSpan"/> leaves it to the callers of CommitAsync. At most 1 h.
    /// </summary>
    public TimeSpan CommitWindow { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What rewrites old records of the backlog and of the live lane as fewer when space runs out. Default null: the oldest are dropped at once.
    /// </summary>
    public ISpoolThinner? Thinner { get; set; }

    /// <summary>
    /// The most payload bytes that are on their way to the cloud at any time. After a start, when nobody knows any more what was sent,
    /// as many of the oldest are not thinned until the first <see cref="SpoolQueue.Release"/>: the cloud may have them. Default 2 MiB,
    /// which are two sessions of 1 MiB, or a quarter of <see cref="MaximumBytes"/> where that is less; sessions must keep within it.
    /// </summary>
    public long MaximumInFlightBytes
    {
        get => _maximumInFlightBytes ?? Math.Min(2 * MiB, MaximumBytes / 4);
        set => _maximumInFlightBytes = value;
    }

    /// <summary>When records go to flash. Default always: nothing that was read is lost with the power but what no batch has closed over.</summary>
    public SpoolDurability Durability { get; set; } = SpoolDurability.Always;

    /// <summary>
    /// With <see cref="SpoolDurability.OfflineOnly"/>: how long memory holds a record that the cloud has not confirmed, before everything is
    /// written. Default 60 s: several upload sessions, so that a slow line does not count as none. 1 s to 1 h.
    /// </summary>
    public TimeSpan OfflineWindow { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// With <see cref="SpoolDurability.OfflineOnly"/>: bytes that memory holds at most, before everything is written. One half fills while the other
    /// one waits for its receipt. Default 2 MiB: four upload sessions of half a megabyte. 256 KiB to 64 MiB.
    /// </summary>
    public long MemoryBytes { get; set; } = 2 * MiB;

    /// <summary>
    /// How many sequences are set aside on flash at a time for records that memory holds: two small writes for as many records, and so many numbers
    /// are given up when memory is lost. 2^64 of them last.
    /// </summary>
    internal uint ReservedSequences { get; set; } = 65_536;

    /// <summary>Whether recovery gives up the numbers of what only memory had. Whoever only looks at a spool must not: its owner may be alive.</summary>
    internal bool GivesUpReserved { get; set; } = true;

    /// <summary>The largest payload that a segment of this size can hold, in bytes.</summary>
    public int MaximumPayloadBytes => SegmentBytes - SegmentHeader.MostBytes - RecordHeader.Bytes;

    /// <summary>Everything that is wrong with these options, each as a sentence; empty where they are sound.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Path))
        {
            yield return "Path is empty: the spool needs a folder.";
        }
        if (MaximumBytes < 4 * MiB)
        {
            yield return $"MaximumBytes is {MaximumBytes}: it must be at least {4 * MiB} (4 MiB).";
        }
        if (SegmentBytes is < (int)(256 * KiB) or > (int)(16 * MiB) || SegmentBytes % (4 * KiB) != 0)
        {
            yield return $"SegmentBytes is {SegmentBytes}: it must be 256 KiB to 16 MiB in steps of 4 KiB.";
        }
        else if (MaximumBytes < 4L * SegmentBytes + MiB / 4)
        {
            yield return $"MaximumBytes is {MaximumBytes}: it must hold four segments of {SegmentBytes} bytes and 256 KiB beside them.";
        }
        else if (MaximumBytes / SegmentBytes > MostSegments)
        {
            yield return $"MaximumBytes is {MaximumBytes}: in files of {SegmentBytes} bytes that is more than {MostSegments} open files.";
        }
        if (FreeSpaceFloor < 0)
        {
            yield return $"FreeSpaceFloor is {FreeSpaceFloor}: it cannot be negative.";
        }
        if (MaximumInFlightBytes < 0)
        {
            yield return $"MaximumInFlightBytes is {MaximumInFlightBytes}: it cannot be negative.";
        }
        if (OfflineWindow < TimeSpan.FromSeconds(1) || OfflineWindow > TimeSpan.FromHours(1))
        {
            yield return $"OfflineWindow is {OfflineWindow}: it must be from one second to one hour.";
        }
        if (MemoryBytes is < 256 * KiB or > 64 * MiB)
        {
            yield return $"MemoryBytes is {MemoryBytes}: it must be 256 KiB to 64 MiB.";
        }
        if (Thinner is { Levels: < 1 or > 15 })
        {
            yield return $"Thinner has {Thinner.Levels} levels: it must have 1 to 15.";
        }
        if (CommitWindow != Timeout.InfiniteTimeSpan && (CommitWindow < TimeSpan.Zero || CommitWindow > TimeSpan.FromHours(1)))
        {
            yield return $"CommitWindow is {CommitWindow}: it must be from zero to one hour, or infinite.";
        }
    }

    /// <summary>Whether memory may hold records of a lane.</summary>
    internal bool MayHold(SpoolLane lane) => Durability == SpoolDurability.OfflineOnly && lane == SpoolLane.Live;

    private static long WholePages(long bytes) => bytes / (4 * KiB) * (4 * KiB);
}
