using EdgeAgent.Protocol.Columns;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Protocol.Wire;
using Google.Protobuf;

namespace EdgeAgent.Protocol;

/// <summary>
/// Reads records from outside. A record is taken whole or not at all: everything in it is validated and expanded into pooled buffers
/// before the sink hears of it. What it allocates is bounded by <see cref="DecodeLimits"/> and by the length of the record, never by
/// what the record claims. Reused; for one thread at a time.
/// </summary>
public sealed class BatchDecoder
{
    private static readonly MessageParser<ReadingBatch> BatchParser = ReadingBatch.Parser.WithDiscardUnknownFields(true);

    private readonly DecodeLimits _limits;
    private readonly ClockReferences? _references;
    private readonly BatchValidation _validation;

    /// <param name="limits">What is too large.</param>
    /// <param name="references">By what provisional times are corrected, which may still become more; null: they stay as they are.</param>
    public BatchDecoder(DecodeLimits limits, ClockReferences? references = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
        _references = references;
        _validation = new BatchValidation(limits);
    }

    /// <summary>
    /// The clock of the batch that was decoded last; null where the device's wall clock was known to be right, or the times have been corrected.
    /// </summary>
    public BatchClock? Clock { get; private set; }

    /// <summary>The instant that all times of the batch that was decoded last count from.</summary>
    public long BaseTimeUnixNanoseconds { get; private set; }

    /// <summary>Validates the whole record, then hands it to the sink. Never throws because of the record's bytes.</summary>
    /// <param name="record">The record as it was received.</param>
    /// <param name="sink">Takes the readings. What it throws is passed on.</param>
    /// <param name="error">Why the record is refused.</param>
    /// <returns>False: the sink was not called.</returns>
    public bool TryDecode(Record record, IBatchSink sink, out DecodeError error)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(sink);
        Clock = null;
        if (!TryGetBatch(record, out ReadingBatch batch, out error))
        {
            return false;
        }
        var columns = new DecodedColumns();
        try
        {
            bool isCorrected = TryCorrect(batch.Clock, out long corrected);
            long baseTime = isCorrected ? corrected : batch.BaseTimeUnixNanoseconds;
            if (!_validation.TryRead(record.Readings, batch, baseTime, columns, out error))
            {
                return false;
            }
            Clock = isCorrected ? null : batch.Clock;
            BaseTimeUnixNanoseconds = baseTime;
            foreach (SeriesDefinition definition in batch.Definitions)
            {
                sink.Define(batch.Dictionary, definition);
            }
            columns.Deliver(batch.Dictionary, sink);
            return true;
        }
        finally
        {
            columns.Return();
        }
    }

    private bool TryCorrect(BatchClock? clock, out long baseTime)
    {
        baseTime = 0;
        return clock is { State: ClockState.Provisional } && _references?.TryCorrect(clock, out baseTime) == true;
    }

    private bool TryGetBatch(Record record, out ReadingBatch batch, out DecodeError error)
    {
        error = default;
        batch = record.Batch;
        switch (record.ContentCase)
        {
            case Record.ContentOneofCase.Batch:
                return true;
            case Record.ContentOneofCase.CompressedBatch:
                return TryInflate(record.CompressedBatch, out batch, out error);
            default:
                error = new DecodeError(DecodeErrorCode.NoContent, "the record holds neither batch nor compressed_batch");
                return false;
        }
    }

    private bool TryInflate(CompressedBatch compressed, out ReadingBatch batch, out DecodeError error)
    {
        batch = null!;
        using var inflater = new BatchInflater(_limits.MaximumInflatedBytes);
        if (!inflater.TryInflate(compressed, out ReadOnlySpan<byte> bytes, out error)
            || !BatchOutline.Check(bytes, _limits.MaximumSeries, out error))
        {
            return false;
        }
        try
        {
            batch = BatchParser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException malformed)
        {
            error = new DecodeError(DecodeErrorCode.Protobuf, $"compressed_batch.data is not a ReadingBatch: {malformed.Message}");
            return false;
        }
    }
}
