using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// Reads what still lies on disk, whether it waits, is released or was set aside: segments are freed whole, so a record that is done
/// with may hold what a later one needs to be understood. It promises nothing: what is gone or damaged is passed over in silence. What
/// is owed to the cloud comes from <see cref="SpoolReader"/> only. One consumer; it holds nothing back.
/// </summary>
public sealed class LookBack : IDisposable
{
    private readonly SpoolSpace _space;
    private readonly SegmentLog _log;
    private readonly SegmentCursor _cursor = new() { ReadsAroundDamage = true };
    private readonly ulong _through; // so that the cursor never reads ahead of what was written
    private ulong _next;
    private Segment? _segment;       // where the cursor stands

    internal LookBack(SpoolSpace space, SegmentLog log, ulong from)
    {
        _space = space;
        _log = log;
        _next = Math.Max(from, 1);
        _through = log.Committed;
    }

    /// <summary>Finds the next record that is still there, of those that were committed when the look back began.</summary>
    /// <param name="record">Its payload is valid until the next call.</param>
    /// <returns>False where there is none.</returns>
    public bool TryRead(out SpoolRecord record)
    {
        while (TryPlace())
        {
            Segment segment = _segment!;
            ulong last = Math.Min(segment.Last, _through);
            bool found;
            RecordHeader header;
            ReadOnlyMemory<byte> payload;
            try
            {
                // From the segment's start on, also where less is wanted: only at the end of a record does the next one surely begin.
                found = _cursor.TryFind(segment.First, last, out header, out payload);
            }
            catch (ObjectDisposedException) when (segment.Dropped)
            {
                continue;
            }
            if (segment.Dropped)
            {
                // What was read may be the file's next life.
                continue;
            }
            if (!found)
            {
                _next = last + 1;
            }
            else if (header.Sequence >= _next)
            {
                _next = header.Sequence + 1;
                record = new SpoolRecord(header.Sequence, header.Items, payload);
                return true;
            }
        }
        record = default;
        return false;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => _cursor.Dispose();

    /// <summary>Opens the segment that owns the next sequence, or the oldest there is.</summary>
    /// <returns>False at the end.</returns>
    private bool TryPlace()
    {
        if (_next > _through)
        {
            return false;
        }
        if (_segment is { Dropped: false } && _next <= _segment.Last)
        {
            return true;
        }
        lock (_space.Gate)
        {
            ObjectDisposedException.ThrowIf(_log.Closed, this);
            if (_log.SegmentCount == 0)
            {
                return false;
            }
            _segment = _log.Segments[Math.Max(_log.IndexOf(_next), 0)];
            _next = Math.Max(_next, _segment.First);
            _cursor.Open(_segment);
            return _next <= _through;
        }
    }
}
