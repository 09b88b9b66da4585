using EdgeAgent.Protocol;
using EdgeAgent.Spooling;
using EdgeAgent.Thinning;

namespace EdgeAgent.Tests.Thinning;

/// <summary>A run over records in memory, which takes what the thinner appends.</summary>
internal sealed class RecordedRun(ulong firstSequence, IEnumerable<byte[]> records) : IThinningRecords
{
    private readonly Queue<byte[]> _records = new(records);

    public ulong FirstSequence => firstSequence;

    public List<byte[]> Appended { get; } = [];

    public uint Items { get; private set; }

    /// <summary>How many records it takes.</summary>
    public int Room { get; init; } = int.MaxValue;

    public bool TryRead(out SpoolRecord record)
    {
        bool found = _records.TryDequeue(out byte[]? payload);
        record = new SpoolRecord(1, 1, payload);
        return found;
    }

    public bool TryAppend(ReadOnlySpan<byte> payload, uint items)
    {
        if (Appended.Count == Room)
        {
            return false;
        }
        Appended.Add(payload.ToArray());
        Items += items;
        return true;
    }

    /// <summary>Thins these records and reads back what came of it.</summary>
    public static ThinnedRecords Thin(int level, params IEnumerable<byte[]> records)
    {
        var run = new RecordedRun(77, records);
        ThinningOutcome outcome = new ReadingThinner(BatchCompression.Gzip).Thin(level, run);
        Assert.Equal(ThinningOutcome.Thinned, outcome);
        var thinned = new ThinnedRecords(run.Appended);
        Assert.Equal(run.Items, (uint)thinned.Readings);
        return thinned;
    }
}
