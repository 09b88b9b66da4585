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
internal sealed class FoundSegment(string name, SegmentIdentity identity, ISpoolFile file)
{
    public string Name => name;

    /// <summary>What the name says; it does not know the spool's id.</summary>
    public SegmentIdentity Identity => identity;

    public ulong First => identity.First;

    public ISpoolFile File => file;

    /// <summary>What could be read of the header, whosever it is.</summary>
    public SegmentHeader? Header { get; private set; }

    /// <summary>The header is that of a segment of this name, of whichever spool.</summary>
    public bool IsNamed => Header is { } header && header.Identity with { SpoolId = Guid.Empty } == identity;

    private bool _zeros;

    public void ReadHeader()
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.MostBytes];
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
        : identity.Level > 0 ? HeaderState.Damaged // it had its name only when all of it was on disk
        : _zeros || Header?.Identity.SpoolId == spoolId ? HeaderState.NotWritten
        : HeaderState.Damaged;
}
