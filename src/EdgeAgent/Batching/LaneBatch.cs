using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Batching;

/// <summary>
/// The open batch, of alarms or of everything else, and the rule of when it closes. It becomes one record; two while the time is not known and there are devices that say it
/// themselves, as theirs must not be moved with the others.
/// </summary>
internal sealed class LaneBatch
{
    private readonly BatchPart _right;
    private readonly BatchPart _provisional;
    private readonly BatchPart[] _parts;
    private SpoolLane? _route; // by which the last batch went

    public LaneBatch(SpoolLane lane, SeriesCatalog catalog, BatchOptions options)
    {
        Lane = lane;
        Policy = new BatchPolicy(options, urgent: lane == SpoolLane.Alarm);
        (_right, _provisional) = (new BatchPart(catalog, options), new BatchPart(catalog, options));
        _parts = [_right, _provisional];
    }

    public SpoolLane Lane { get; }

    public BatchPolicy Policy { get; }

    /// <summary>In the order in which they are to be written.</summary>
    public ReadOnlySpan<BatchPart> Parts => _parts;

    public int Readings => _right.Readings + _provisional.Readings;

    /// <summary>Readings that nobody else has.</summary>
    public long AtRisk => _right.AtRisk + _provisional.AtRisk;

    public bool IsFull => Policy.IsFull(Readings, EstimatedBytes);

    private int EstimatedBytes => _right.EstimatedBytes + (_provisional.Readings == 0 ? 0 : _provisional.EstimatedBytes);

    public BatchClosing Closing(TimeSpan now) => Policy.At(now, Readings, EstimatedBytes);

    public void Add(in Reading reading, SeriesKind kind, TimeSpan now)
    {
        // Also what is right already, while others wait to be moved: the order of messages stays as it is.
        if (reading.Time.Offset is { } offset && (offset.IsProvisional || _provisional.Readings > 0))
        {
            _provisional.Add(reading, kind, offset);
        }
        else
        {
            _right.Add(reading, kind);
        }
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

    /// <summary>Closes one part: writes what was added to it in the stored form, and empties it.</summary>
    /// <param name="part">One of <see cref="Parts"/>.</param>
    /// <param name="dictionary">Of the segment where it goes.</param>
    /// <param name="otherTail">How far the lane is by which it might have gone.</param>
    /// <param name="target">Takes it.</param>
    public void Encode(BatchPart part, ulong dictionary, ulong otherTail, UncommittedBatch target)
    {
        // Messages without a time of their own are known again by the order of their ids, which is that of their part.
        part.Encode(dictionary, otherTail, target, isInterleaved: part == _right && _provisional.Readings > 0);
        (target.Lane, target.Since, target.Newest) = (_route ?? Lane, Policy.Since, Policy.Newest);
        if (Readings == 0)
        {
            Policy.Closed();
        }
    }

    /// <summary>Empties the batch.</summary>
    /// <returns>How many readings are lost by that: those whose senders do not keep them.</returns>
    public long GiveUp()
    {
        long lost = AtRisk;
        Array.ForEach(_parts, static part => part.Clear());
        Policy.Closed();
        return lost;
    }

    public void ForgetDictionary() => Array.ForEach(_parts, static part => part.ForgetDictionary());
}
