using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Tests.Clock;

/// <summary>What stands in a lane of a spool: values with their times, record by record, with or without a correction.</summary>
internal sealed class TimedRecords : IBatchSink
{
    private readonly List<(double Value, long Time)> _readings = [];

    public static List<TimedRecord> Read(SpoolQueue queue, ClockReferences? references = null)
    {
        var decoder = new BatchDecoder(new DecodeLimits(), references);
        var records = new List<TimedRecord>();
        using SpoolReader reader = queue.OpenReader(1);
        while (reader.Read(out SpoolRecord record) == ReadResult.Record)
        {
            var sink = new TimedRecords();
            Assert.True(decoder.TryDecode(ProtocolRecord.Parser.ParseFrom(record.Payload.Span), sink, out DecodeError error), error.ToString());
            records.Add(new TimedRecord(StoredRecord.IsProvisional(record.Payload.Span), decoder.Clock, decoder.BaseTimeUnixNanoseconds, sink._readings));
        }
        return records;
    }

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
    }

    public void Numbers(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _readings.Add((values[i], unixNanoseconds[i]));
        }
    }

    public void Booleans(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities) =>
        Assert.Fail("No booleans were written.");

    public void Texts(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities) =>
        Assert.Fail("No texts were written.");
}

/// <param name="IsMarked">As the uploader sees it, without decoding.</param>
/// <param name="Clock">As the decoder sees it.</param>
/// <param name="BaseTime">What the times count from.</param>
/// <param name="Readings">In order.</param>
internal sealed record TimedRecord(bool IsMarked, BatchClock? Clock, long BaseTime, List<(double Value, long Time)> Readings);
