using System.Buffers;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Batching;

/// <summary>
/// Encodes a batch that a failed disk did not take once more, for the place where it goes now: the records that named its series may be
/// gone, or even the whole spool that they were in. Only after a failure, so that nothing here is reused.
/// </summary>
internal sealed class BatchRewriter(SeriesCatalog catalog, BatchCompression compression) : IBatchSink
{
    private static readonly BatchDecoder Decoder = new(new DecodeLimits());

    /// <summary>For each lane one, as each lane has its own dictionary.</summary>
    private readonly Dictionary<SpoolLane, BatchEncoder> _encoders =
        new() { [SpoolLane.Alarm] = new(), [SpoolLane.Live] = new(), [SpoolLane.Backlog] = new() };
    private BatchEncoder _encoder = new();

    /// <exception cref="SpoolFullException">No room; the batch is as it was.</exception>
    /// <exception cref="SpoolBrokenException">The disk failed; the batch is as it was.</exception>
    public void Rewrite(UncommittedBatch batch, OpenedSpool opened, int maximumPayloadBytes)
    {
        _encoder = _encoders[batch.Lane];
        _encoder.Clear();
        if (!Decoder.TryDecode(ProtocolRecord.Parser.ParseFrom(batch.Bytes.WrittenSpan), this, out DecodeError error))
        {
            throw new InvalidOperationException($"A batch that was encoded here cannot be decoded here: {error}");
        }
        ulong segment = opened.Spool[batch.Lane].PrepareAppend(Math.Min(_encoder.MaximumBytes(catalog) + batch.Marks.WrittenCount, maximumPayloadBytes));
        batch.Bytes.ResetWrittenCount();
        // The base time stays the same, and with it what the clock says of it: series come in the order in which they came.
        _encoder.Encode(Math.Max(segment, opened.TailAtOpen(batch.Lane) + 1), catalog, compression, batch.Bytes, Decoder.Clock);
        batch.Bytes.Write(batch.Marks.WrittenSpan);
    }

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
        // The catalog of this process is where it came from.
    }

    public void Numbers(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _encoder.Add(series, SeriesKind.Number, unixNanoseconds[i], values[i], null, At(qualities, i));
        }
    }

    public void Booleans(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _encoder.Add(series, SeriesKind.Boolean, unixNanoseconds[i], values[i] ? 1 : 0, null, At(qualities, i));
        }
    }

    public void Texts(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _encoder.Add(series, SeriesKind.Text, unixNanoseconds[i], 0, values[i], At(qualities, i));
        }
    }

    private static Quality At(ReadOnlySpan<Quality> qualities, int i) => qualities.IsEmpty ? Quality.Good : qualities[i];
}
