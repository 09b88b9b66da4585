using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>One segment file in use. Changed under the spool's gate; readers look at it without.</summary>
internal sealed class Segment(ISpoolFile file, SegmentIdentity identity, ulong itemsBefore, ulong bytesBefore, long now)
{
    private readonly HeldFile? _held = file as HeldFile;
    private ulong _last = ulong.MaxValue;
    private volatile bool _dropped;

    public ISpoolFile File => file;

    /// <summary>Its file in the folder; null where it has none yet.</summary>
    public ISpoolFile? DiskFile => _held is null ? file : _held.Disk;

    /// <summary>What memory holds of it, which is all; null where it was written.</summary>
    public HeldFile? Held => _held is { IsHeld: true } ? _held : null;

    public SegmentIdentity Identity => identity;

    public ulong First => identity.First;

    /// <summary>How often its records were thinned.</summary>
    public int Level => identity.Level;

    /// <summary>An attempt to thin it has come to nothing: it is dropped when its turn comes.</summary>
    public bool IsLeftAlone { get; set; }

    /// <summary>It is thinned, and what follows it did not fit in.</summary>
    public bool IsFull { get; set; }

    /// <summary>
    /// The last sequence that belongs to this segment: every one before the next segment's first, whether or not its record is sound.
    /// The newest segment has no end yet.
    /// </summary>
    public ulong Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }

    public uint ChecksumSeed { get; } = identity.ChecksumSeed();

    public ulong ItemsBefore => itemsBefore;

    public ulong BytesBefore => bytesBefore;

    /// <summary>Payload bytes in it; unknown for the newest one, which still grows.</summary>
    public ulong PayloadBytes { get; set; }

    /// <summary>Monotonic time stamps of the first and the last append; of the start for what was found on disk.</summary>
    public long FirstAppended { get; set; } = now;

    public long LastAppended { get; set; } = now;

    /// <summary>
    /// The file is about to be used for something else. Set before the first byte of it changes: who has read from the file and then
    /// finds this false has read the segment.
    /// </summary>
    public bool Dropped => _dropped;

    public void Drop() => _dropped = true;
}
