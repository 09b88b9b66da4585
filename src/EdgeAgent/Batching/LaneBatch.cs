using System.Buffers;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Batching;

/// <summary>An open batch, of alarms or of everything else: the readings in columns, and the rule of when it closes.</summary>
internal sealed class LaneBatch(SpoolLane lane, SeriesCatalog catalog, BatchOptions options)
{
    private readonly BatchEncoder _encoder = new();
    private readonly DeliveryMarks _marks = new();
    private SpoolLane? _route; // by which the last batch went
    private uint _kept;

    public SpoolLane Lane => lane;

    public BatchPolicy Policy { get; } = new(options, urgent: lane == SpoolLane.Alarm);

    public int Readings => _encoder.Count;

    /// <summary>Readings that nobody else has.</summary>
    public long AtRisk => _encoder.Count - _kept;

    public bool IsFull => Policy.IsFull(_encoder.Count, EstimatedBytes);

    /// <summary>An upper bound of what <see cref="Encode"/> writes.</summary>
    public int MaximumBytes => _encoder.MaximumBytes(catalog) + _marks.MaximumBytes;

    private int EstimatedBytes => _encoder.EstimatedBytes + _marks.MaximumBytes;

    public BatchClosing Closing(TimeSpan now) => Policy.At(now, _encoder.Count, EstimatedBytes);

    public void Add(in Reading reading, SeriesKind kind, TimeSpan now)
    {
        _encoder.Add((uint)reading.Series.Index + 1, kind, reading.UnixNanoseconds, reading.Number, reading.Text, reading.Quality);
        _marks.Add(reading.Mark, isLast: reading.Delivery.IsAwaited);
        _kept += reading.IsKept ? 1u : 0;
        Policy.Added(now);
    }

    /// <summary>By which lane the batch goes when it closes. Each has dictionaries of its own, under numbers that the others have too.</summary>
    public void Take(SpoolLane route)
    {
        if (_route is { } before && before != route)
        {
            ForgetDictionary();
        }
        _route = route;
    }

    /// <summary>Closes: writes what was added in the stored form, and begins an empty batch.</summary>
    /// <param name="dictionary">Of the segment where it goes.</param>
    /// <param name="otherTail">How far the lane is by which it might have gone.</param>
    /// <param name="target">Takes it.</param>
    public void Encode(ulong dictionary, ulong otherTail, UncommittedBatch target)
    {
        target.Lane = _route ?? lane;
        (target.Readings, target.Kept, _kept) = ((uint)_encoder.Count, _kept, 0);
        (target.Spool, target.IsCounted) = (Guid.Empty, false);
        target.Bytes.ResetWrittenCount();
        target.Marks.ResetWrittenCount();
        _encoder.Encode(dictionary, catalog, options.Compression, target.Bytes);
        _marks.WriteTo(otherTail, target.Marks);
        target.Bytes.Write(target.Marks.WrittenSpan);
        (target.Since, target.Newest) = (Policy.Since, Policy.Newest);
        Policy.Closed();
    }

    /// <summary>Empties the batch.</summary>
    /// <returns>How many readings are lost by that: those whose senders do not keep them.</returns>
    public long GiveUp()
    {
        long lost = AtRisk;
        _encoder.Clear();
        _kept = 0;
        Policy.Closed();
        return lost;
    }

    public void ForgetDictionary() => _encoder.ForgetDictionary();
}
