using System.Globalization;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling;

/// <summary>
/// Segment files that hold nothing, ready to be used again. They are kept, not deleted: a file that has been written once is synced
/// faster than a growing one, and filling a new one with zeros would wear the flash once more.
/// <code>
/// file name := "spare-" number as 8 hexadecimal digits ".segment"
/// </code>
/// </summary>
internal sealed class SpareSegments(ISpoolFiles files, int segmentBytes)
{
    private const string Prefix = "spare-";
    private static readonly byte[] Zeros = new byte[64 * 1024];
    private readonly Stack<(string Name, ISpoolFile File)> _spares = new();
    private uint _next;

    public int Count => _spares.Count;

    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Takes over a file that the last owner left as a spare.</summary>
    public void Adopt(string name)
    {
        ReadOnlySpan<char> digits = name.AsSpan(Prefix.Length, Math.Min(8, name.Length - Prefix.Length));
        if (uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number))
        {
            _next = Math.Max(_next, number + 1);
        }
        ISpoolFile file = files.Open(name);
        if (file.Length == segmentBytes)
        {
            _spares.Push((name, file));
        }
        else
        {
            // Cut short by a power cut while it was filled, or of another SegmentBytes.
            file.Dispose();
            files.Delete(name);
        }
    }

    /// <summary>
    /// Makes a spare of a segment file whose records are released or written down as lost. The rename is not synced: should the old
    /// name come back after a power cut, recovery knows by the mark and the ledger that nothing in it is wanted.
    /// </summary>
    public void Add(string name, ISpoolFile file)
    {
        if (file.Length != segmentBytes)
        {
            file.Dispose();
            files.Delete(name);
            return;
        }
        string spare = NextName();
        files.Rename(name, spare);
        _spares.Push((spare, file));
    }

    /// <summary>Makes a new file and fills it with zeros: allocating alone would leave a journal commit to every later sync.</summary>
    /// <exception cref="DiskFullException">The disk has no room for it; nothing is left behind.</exception>
    public void Create()
    {
        string name = NextName();
        ISpoolFile file = files.Create(name);
        try
        {
            for (int offset = 0; offset < segmentBytes; offset += Zeros.Length)
            {
                file.Write(Zeros.AsSpan(0, Math.Min(Zeros.Length, segmentBytes - offset)), offset);
            }
        }
        catch (IOException)
        {
            file.Dispose();
            files.Delete(name);
            throw;
        }
        _spares.Push((name, file));
    }

    public bool TryTake(out string name, out ISpoolFile file)
    {
        bool any = _spares.TryPop(out (string Name, ISpoolFile File) spare);
        (name, file) = spare;
        return any;
    }

    /// <summary>Takes back what was taken, under its name.</summary>
    public void Return(string name, ISpoolFile file) => _spares.Push((name, file));

    public bool TryDelete()
    {
        if (!TryTake(out string name, out ISpoolFile file))
        {
            return false;
        }
        file.Dispose();
        files.Delete(name);
        return true;
    }

    public void Close()
    {
        while (TryTake(out _, out ISpoolFile file))
        {
            file.Dispose();
        }
    }

    private string NextName() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_next++:x8}.segment");
}
