using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>What the header of a segment file says to the one who has read the file's name.</summary>
internal enum HeaderState
{
    /// <summary>It is the header of this segment.</summary>
    Sound,

    /// <summary>
    /// It is that of an earlier life, or zeros: the file was taken for a new segment, and the header goes to disk with the first
    /// records. So nothing in it was committed, unless records are found.
    /// </summary>
    NotWritten,

    /// <summary>It makes no sense, or names another spool. Records may be sound all the same.</summary>
    Damaged,
}

/// <summary>A segment file as recovery finds it.</summary>
internal sealed class FoundSegment(string name, SpoolLane lane, ulong first, ISpoolFile file)
{
    public string Name => name;

    public SpoolLane Lane => lane;

    public ulong First => first;

    public ISpoolFile File => file;

    /// <summary>What could be read of the header, whosever it is.</summary>
    public SegmentHeader? Header { get; private set; }

    /// <summary>The header is that of a segment of this name, of whichever spool.</summary>
    public bool IsNamed => Header is { } header && header.Identity.Lane == lane && header.Identity.First == first;

    private bool _zeros;

    public void ReadHeader()
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        try
        {
            int read = file.Read(bytes, 0);
            Header = SegmentHeader.TryRead(bytes[..read], out SegmentHeader header) ? header : null;
            _zeros = !bytes[..read].ContainsAnyExcept((byte)0);
        }
        catch (IOException)
        {
            // A sector that cannot be read is as good as one that was overwritten.
            Header = null;
        }
    }

    public HeaderState StateIn(Guid spoolId) =>
        IsNamed && Header!.Value.Identity.SpoolId == spoolId ? HeaderState.Sound
        : _zeros || Header?.Identity.SpoolId == spoolId ? HeaderState.NotWritten
        : HeaderState.Damaged;
}
