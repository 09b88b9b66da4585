namespace EdgeAgent.Spooling;

/// <summary>A stretch of records that is to become a shorter one. Valid during the call that it was made for.</summary>
public sealed class ThinningRun
{
    private readonly Queue<SpoolRecord> _records;
    private readonly List<SpoolRecord> _kept = [];

    internal ThinningRun(int level, ulong firstSequence, IEnumerable<SpoolRecord> records) =>
        (Level, FirstSequence, _records) = (level, firstSequence, new Queue<SpoolRecord>(records));

    /// <summary>The level to reach, from 1.</summary>
    public int Level { get; }

    /// <summary>The sequence of the first record that will be appended.</summary>
    public ulong FirstSequence { get; }

    internal IReadOnlyList<SpoolRecord> Kept => _kept;

    /// <summary>The next record of the stretch.</summary>
    public bool TryRead(out SpoolRecord record) => _records.TryDequeue(out record);

    /// <summary>Keeps a record in their place.</summary>
    public bool TryAppend(ReadOnlySpan<byte> payload, uint items)
    {
        _kept.Add(new SpoolRecord(FirstSequence + (ulong)_kept.Count, items, payload.ToArray()));
        return true;
    }
}
