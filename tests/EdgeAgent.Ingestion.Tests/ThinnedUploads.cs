using EdgeAgent.Protocol.V1;
using Record = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>What a device sends that had to thin, in plain protobuf messages.</summary>
internal static class ThinnedUploads
{
    /// <summary>Opened by the first record of a stretch that was thinned once.</summary>
    public const ulong Dictionary = 2 | (1ul << 56);

    /// <summary>Minutes of office/temperature: minimum i, maximum i + 2, mean i + 1, 60 readings each, from a minute after the start on.</summary>
    public static UploadRequest Minutes(ulong sequence, int minutes = 3, int kept = 0)
    {
        var batch = new ReadingBatch { BaseTimeUnixNanoseconds = Uploads.Start + 60_000_000_000, Dictionary = Dictionary };
        batch.Times.Add(new TimeColumn { Count = (uint)minutes, Decimals = 0, First = 0, Step = 60 });
        Add(batch, AggregateFunction.Minimum, "min", "Cel", Enumerable.Range(0, minutes).Select(i => (double)i));
        Add(batch, AggregateFunction.Maximum, "max", "Cel", Enumerable.Range(2, minutes).Select(i => (double)i));
        Add(batch, AggregateFunction.Mean, "mean", "Cel", Enumerable.Range(1, minutes).Select(i => (double)i));
        Add(batch, AggregateFunction.Count, "count", "", Enumerable.Repeat(60.0, minutes));
        Add(batch, AggregateFunction.Last, "last", "Cel", Enumerable.Range(1, minutes).Select(i => (double)i));
        if (kept > 0)
        {
            batch.Definitions.Add(new SeriesDefinition { Ref = 6, Name = "office/humidity", Unit = "%", Kind = SeriesKind.Number });
            batch.Times.Add(new TimeColumn { Count = (uint)kept, Decimals = 0, First = 0, Step = 60 });
            batch.Blocks.Add(new SeriesBlock { Series = 6, Times = 1, Doubles = new DoubleColumn { Values = { Enumerable.Repeat(40.0, kept) } } });
        }
        return new UploadRequest { Record = new Record { Sequence = sequence, Readings = (uint)kept, Batch = batch } };
    }

    private static void Add(ReadingBatch batch, AggregateFunction function, string word, string unit, IEnumerable<double> values)
    {
        batch.Definitions.Add(new SeriesDefinition
        {
            Ref = (uint)batch.Definitions.Count + 1,
            Name = $"office/temperature:{word}:1m",
            Unit = unit,
            Kind = SeriesKind.Number,
            Labels = { ["room"] = "2.17" },
            Aggregate = new Aggregate { Function = function, WindowSeconds = 60, Of = "office/temperature" },
        });
        batch.Aggregates.Add(new SeriesBlock { Series = (uint)batch.Definitions.Count, Times = 0, Doubles = new DoubleColumn { Values = { values } } });
    }
}
