using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>The file <c>marks</c>: two slots, written in turn (<see cref="Mark"/>).</summary>
internal sealed class MarkFile : IDisposable
{
    public const long FileBytes = 2 * SlotBytes;
    private const string Name = "marks";

    /// <summary>A page, so that the two slots share no sector and no page.</summary>
    private const int SlotBytes = 4096;

    private readonly ISpoolFile _file;
    private readonly byte[] _slot = new byte[SlotBytes];
    private ulong _generation;

    private MarkFile(ISpoolFile file) => _file = file;

    /// <summary>Opens or creates the file; <paramref name="newest"/> is null where no slot could be read.</summary>
    public static MarkFile Open(ISpoolFiles files, out Mark? newest)
    {
        newest = null;
        bool exists = files.List().Contains(Name);
        var marks = new MarkFile(exists ? files.Open(Name) : files.Create(Name));
        if (!exists)
        {
            files.SyncDirectory();
        }
        for (int slot = 0; slot < 2; slot++)
        {
            int read = marks._file.ReadAround(marks._slot, slot * SlotBytes);
            if (Mark.TryRead(marks._slot.AsSpan(0, read), out Mark mark) && (newest is null || mark.Generation > newest.Value.Generation))
            {
                newest = mark;
            }
        }
        marks._generation = newest?.Generation ?? 0;
        return marks;
    }

    /// <summary>
    /// Returns when the mark would survive a power cut, and later damage to one of the slots as well: what it says stands nowhere else.
    /// </summary>
    public void SaveTwice(in Mark mark)
    {
        Save(mark);
        Save(mark);
    }

    /// <summary>Returns when the mark would survive a power cut.</summary>
    public void Save(Mark mark)
    {
        ulong generation = _generation + 1;
        Array.Clear(_slot);
        (mark with { Generation = generation }).Write(_slot);
        _file.Write(_slot, (long)(generation % 2) * SlotBytes);
        _file.Sync();
        _generation = generation;
    }

    public void Dispose() => _file.Dispose();
}
