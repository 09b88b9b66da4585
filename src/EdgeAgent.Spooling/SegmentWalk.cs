using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// Reads sealed segments once more before they give way, to the last record that is not written down as lost. What is missing between
/// the records and is not written down is found on the way.
/// </summary>
internal sealed class SegmentWalk : IDisposable
{
    private readonly SegmentCursor _cursor = new();
    private readonly IReadOnlyList<Segment> _segments;
    private readonly IReadOnlyList<SpoolGap> _known;
    private readonly IReadOnlyList<ulong> _itemsThrough;
    private readonly List<SpoolGap> _missing = [];
    private int _index = -1;
    private ulong _last;     // the end of the segment under way
    private ulong _expected; // the sequence expected next
    private ulong _items;    // readings of the lane before it

    /// <param name="segments">Neighbours, oldest first; the last of them ends at <paramref name="through"/>.</param>
    /// <param name="through">The last sequence to look at.</param>
    /// <param name="itemsThrough">Readings of the lane through it.</param>
    /// <param name="known">What is written down of them as lost, in order.</param>
    public SegmentWalk(IReadOnlyList<Segment> segments, ulong through, ulong itemsThrough, IReadOnlyList<SpoolGap> known)
    {
        _segments = segments;
        _known = known;
        Through = through;
        _itemsThrough = [.. segments.Skip(1).Select(segment => segment.ItemsBefore), itemsThrough];
    }

    public ulong Through { get; }

    /// <summary>Sequences without a record that nobody has written down, with their readings.</summary>
    public IReadOnlyList<SpoolGap> Missing => _missing;

    /// <summary>Whether everything was read, so that <see cref="Missing"/> is complete.</summary>
    public bool IsAtEnd => _index == _segments.Count;

    /// <summary>Finds the next record. Its payload is valid until the next call.</summary>
    public bool TryRead(out RecordHeader record, out ReadOnlyMemory<byte> payload)
    {
        if (_index < 0)
        {
            OpenNext();
        }
        while (_index < _segments.Count)
        {
            if (!_cursor.TryFind(_expected, _last, out record, out payload))
            {
                NoteMissing(_last, _itemsThrough[_index]);
                OpenNext();
                continue;
            }
            NoteMissing(record.Sequence - 1, record.ItemsBefore);
            _expected = record.Sequence + 1;
            _items = record.ItemsThrough;
            if (!IsKnown(record.Sequence))
            {
                return true;
            }
        }
        record = default;
        payload = default;
        return false;
    }

    public void Dispose() => _cursor.Dispose();

    private void OpenNext()
    {
        if (++_index < _segments.Count)
        {
            Segment segment = _segments[_index];
            _cursor.Open(segment);
            _expected = segment.First;
            _items = segment.ItemsBefore;
            _last = Math.Min(segment.Last, Through);
        }
    }

    private bool IsKnown(ulong sequence) => _known.Any(loss => loss.From <= sequence && sequence <= loss.To);

    private void NoteMissing(ulong to, ulong itemsThrough)
    {
        if (_expected > to)
        {
            return;
        }
        ulong items = itemsThrough - Math.Min(_items, itemsThrough);
        ulong accounted = 0;
        int first = _missing.Count;
        ulong next = _expected;
        foreach (SpoolGap loss in _known)
        {
            if (loss.To < next || loss.From > to)
            {
                continue;
            }
            if (loss.From > next)
            {
                _missing.Add(new SpoolGap(next, loss.From - 1, 0, LossCause.Corrupt));
            }
            accounted += loss.From >= _expected && loss.To <= to ? loss.Items : 0;
            next = loss.To + 1;
        }
        if (next <= to)
        {
            _missing.Add(new SpoolGap(next, to, 0, LossCause.Corrupt));
        }
        if (_missing.Count > first)
        {
            // Of the whole stretch without records: how it splits cannot be known.
            _missing[first] = _missing[first] with { Items = items - Math.Min(items, accounted) };
        }
    }
}
