using System.Buffers;
using EdgeAgent.Clock;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Batching;

/// <summary>
/// The readings of an open batch that become one record, in columns. All their times are as they are, or were made with one offset: then they are moved
/// together, here when the record is written, or later by the service.
/// </summary>
internal sealed class BatchPart(SeriesCatalog catalog, BatchOptions options)
{
    private readonly BatchEncoder _encoder = new();
    private readonly DeliveryMarks _marks = new();
    private ClockOffset? _offset;
    private uint _kept;

    public int Readings => _encoder.Count;

    /// <summary>Readings that nobody else has.</summary>
    public long AtRisk => _encoder.Count - _kept;

    /// <summary>An upper bound of what <see cref="Encode"/> writes.</summary>
    public int MaximumBytes => _encoder.MaximumBytes(catalog) + _marks.MaximumBytes;

    public int EstimatedBytes => _encoder.EstimatedBytes + _marks.MaximumBytes;

    /// <summary>Adds a reading with its time as it is.</summary>
    public void Add(in Reading reading, SeriesKind kind) => Add(reading, kind, reading.UnixNanoseconds);

    /// <summary>Adds a reading of the agent's clock, whose time may be moved later.</summary>
    public void Add(in Reading reading, SeriesKind kind, ClockOffset offset)
    {
        _offset ??= offset;
        Add(reading, kind, reading.UnixNanoseconds - offset.Nanoseconds + _offset.Nanoseconds);
    }

    /// <summary>Writes what was added in the stored form, and empties it.</summary>
    /// <param name="dictionary">See <see cref="BatchEncoder.Encode"/>.</param>
    /// <param name="otherTail">See <see cref="DeliveryMarks.WriteTo"/>.</param>
    /// <param name="target">Takes it.</param>
    /// <param name="isInterleaved">See <see cref="DeliveryMarks.WriteTo"/>.</param>
    public void Encode(ulong dictionary, ulong otherTail, UncommittedBatch target, bool isInterleaved)
    {
        (target.Readings, target.Kept, _kept) = ((uint)_encoder.Count, _kept, 0);
        (target.Spool, target.IsCounted) = (Guid.Empty, false);
        target.Bytes.ResetWrittenCount();
        target.Marks.ResetWrittenCount();
        long shift = 0;
        BatchClock? clock = _offset is null || _offset.TryCorrect(out shift) ? null : _offset.Describe(_encoder.BaseTimeUnixNanoseconds);
        _encoder.Encode(dictionary, catalog, options.Compression, target.Bytes, clock, clock is null ? shift : 0);
        _offset = null;
        _marks.WriteTo(target.Marks, otherTail, isInterleaved);
        target.Bytes.Write(target.Marks.WrittenSpan);
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _encoder.Clear();
        (_offset, _kept) = (null, 0);
    }

    public void ForgetDictionary() => _encoder.ForgetDictionary();

    private void Add(in Reading reading, SeriesKind kind, long unixNanoseconds)
    {
        _encoder.Add((uint)reading.Series.Index + 1, kind, unixNanoseconds, reading.Number, reading.Text, reading.Quality);
        _marks.Add(reading.Mark, isLast: reading.Delivery.IsAwaited);
        _kept += reading.IsKept ? 1u : 0;
    }
}
