using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// Reads the committed records of one lane in order, and tells of every sequence that has none. One consumer. It holds nothing back:
/// segments are freed and dropped under it, and it finds its way. Nothing is allocated per record.
/// </summary>
public sealed class SpoolReader : IDisposable
{
    private readonly SpoolLane _lane;
    private readonly SpoolSpace _space;
    private readonly SegmentLog _log;
    private readonly SegmentCursor _cursor = new();
    private ulong _next;            // what the consumer gets next
    private Segment? _segment;      // where the cursor stands
    private ulong _walk;            // the sequence expected there; at most _next
    private ulong _itemsBeforeWalk; // readings of the lane before it
    private ulong _readThrough;     // what was committed before the cursor last read from the file
    private ulong _nextLoss;        // first sequence of the next entry in the ledger
    private int _ledgerVersion = -1;

    internal SpoolReader(SpoolLane lane, SpoolSpace space, SegmentLog log, ulong from)
    {
        _lane = lane;
        _space = space;
        _log = log;
        _next = Math.Max(from, 1);
    }

    /// <summary>The gap that <see cref="Read"/> has just found.</summary>
    public SpoolGap Gap { get; private set; }

    /// <summary>Reads the record, or finds the gap, at the position and moves behind it. At the end the position stays.</summary>
    /// <param name="record">Its payload is valid until the next call.</param>
    /// <exception cref="SpoolBrokenException">The disk is gone: nothing is lost that it still has. Open the spool again.</exception>
    public ReadResult Read(out SpoolRecord record)
    {
        record = default;
        while (true)
        {
            ulong committed = _log.Committed;
            if (_next > committed)
            {
                return ReadResult.End;
            }
            if (!IsPlaced() && !TryPlace(committed))
            {
                return ReadResult.Gap;
            }
            if (_next > committed)
            {
                continue;
            }
            switch (Step(committed, out RecordHeader header, out ReadOnlyMemory<byte> payload))
            {
                case StepResult.Wanted:
                    record = new SpoolRecord(header.Sequence, header.Items, payload);
                    return ReadResult.Record;
                case StepResult.Missing:
                    return ReadResult.Gap;
            }
        }
    }

    /// <summary>The next <see cref="Read"/> starts here, or behind <see cref="SpoolQueue.Released"/> where that is higher.</summary>
    public void Seek(ulong sequence)
    {
        _next = Math.Max(sequence, 1);
        _ledgerVersion = -1;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => _cursor.Dispose();

    private enum StepResult
    {
        /// <summary>The record that the consumer wants.</summary>
        Wanted,

        /// <summary>The consumer's sequence has no sound record; the gap is set.</summary>
        Missing,

        /// <summary>Nothing yet: an older record was passed, or the segment is gone. Look again.</summary>
        Again,
    }

    /// <summary>After a seek back and a gap the cursor may still be ahead: what it has passed would look lost.</summary>
    private bool IsPlaced() =>
        _segment is { Dropped: false }
        && _walk <= _next && _next <= _segment.Last && _next < _nextLoss
        && _ledgerVersion == _space.Ledger.Version;

    /// <summary>
    /// Finds the segment that owns the next sequence. False where it is in none, or written down as lost: then the gap is set.
    /// </summary>
    private bool TryPlace(ulong committed)
    {
        lock (_space.Gate)
        {
            ObjectDisposedException.ThrowIf(_log.Closed, this);
            // What is released is in the cloud, and its segments may be gone.
            _next = Math.Max(_next, _log.Released + 1);
            _ledgerVersion = _space.Ledger.Version;
            bool any = _space.Ledger.TryFind(_lane, _next, out SpoolGap loss);
            _nextLoss = any ? loss.From : ulong.MaxValue;
            if (any && loss.From <= _next)
            {
                _space.Ledger.MarkTold(_lane, _next);
                _log.Give(loss.To);
                SetGap(loss.To, loss.Items, loss.Cause);
                return false;
            }
            int index = _log.IndexOf(_next);
            if (index < 0 && _next <= committed)
            {
                // Neither there, nor written down: the file itself is gone or was put into quarantine.
                ulong end = _log.SegmentCount > 0 ? _log.Segments[0].First - 1 : committed;
                SetGap(Math.Min(Math.Min(end, committed), _nextLoss - 1), 0, LossCause.Corrupt);
                return false;
            }
            Segment? segment = index < 0 ? null : _log.Segments[index];
            _log.Give(segment?.First ?? 0);
            if (segment is not null && (segment != _segment || _walk > _next))
            {
                _cursor.Open(segment);
                _walk = segment.First;
                _itemsBeforeWalk = segment.ItemsBefore;
                _readThrough = committed;
            }
            _segment = segment;
            return true;
        }
    }

    private StepResult Step(ulong committed, out RecordHeader header, out ReadOnlyMemory<byte> payload)
    {
        Segment segment = _segment!;
        if (_walk > _readThrough)
        {
            // The buffer may hold bytes from before they were written.
            _readThrough = committed;
            _cursor.Forget();
        }
        ulong last = Math.Min(segment.Last, committed);
        bool found;
        try
        {
            found = _cursor.TryFind(_walk, last, out header, out payload);
        }
        catch (ObjectDisposedException) when (segment.Dropped)
        {
            (header, payload) = (default, default);
            return StepResult.Again;
        }
        catch (IOException unreadable) when (!_cursor.ReadsAroundDamage)
        {
            ThrowIfDiskIsGone(unreadable);
            _cursor.ReadsAroundDamage = true;
            (header, payload) = (default, default);
            return StepResult.Again;
        }
        if (segment.Dropped)
        {
            // What was read may be the file's next life.
            return StepResult.Again;
        }
        if (found && header.Sequence <= _next)
        {
            _walk = header.Sequence + 1;
            _itemsBeforeWalk = header.ItemsThrough;
            if (header.Sequence < _next)
            {
                return StepResult.Again;
            }
            _next = _walk;
            return StepResult.Wanted;
        }
        ulong itemsBeforeNext = header.ItemsBefore;
        if (found)
        {
            _cursor.StepBack();
        }
        else if (!TryItemsThrough(segment, last, out itemsBeforeNext))
        {
            return StepResult.Again;
        }
        ulong end = Math.Min(found ? header.Sequence - 1 : last, _nextLoss - 1);
        // Of the whole damaged stretch, also where the position is in the middle of it: how it splits cannot be known.
        ulong missing = itemsBeforeNext - Math.Min(_itemsBeforeWalk, itemsBeforeNext);
        ulong accounted = ItemsAccounted(found ? header.Sequence - 1 : last);
        ulong items = missing - Math.Min(accounted, missing);
        _itemsBeforeWalk += items;
        _walk = end + 1;
        SetGap(end, items, LossCause.Corrupt);
        return StepResult.Missing;
    }

    /// <summary>
    /// A sector that cannot be read is lost with the records in it, and told as such. But where the whole disk is gone nothing is lost
    /// yet. The difference: one that is there can still be written.
    /// </summary>
    private void ThrowIfDiskIsGone(IOException unreadable)
    {
        lock (_space.Gate)
        {
            try
            {
                _space.SaveMarks(closing: false);
            }
            catch (Exception gone) when (SpoolBrokenException.IsReason(gone))
            {
                _log.Broken?.Invoke(unreadable);
                throw new SpoolBrokenException(_lane, unreadable);
            }
        }
    }

    /// <summary>
    /// Readings of the lane through a sequence that is the end of a segment, or Committed; false where it is not, any more.
    /// </summary>
    private bool TryItemsThrough(Segment segment, ulong last, out ulong items)
    {
        lock (_space.Gate)
        {
            int following = _log.IndexOf(segment.First) + 1;
            bool newest = following == _log.SegmentCount;
            items = newest ? _log.CommittedPosition.Items : _log.Segments[following].ItemsBefore;
            return last == (newest ? _log.Committed : segment.Last);
        }
    }

    /// <summary>Readings of the stretch without records that are told as lost for another cause.</summary>
    private ulong ItemsAccounted(ulong last)
    {
        lock (_space.Gate)
        {
            return _space.Ledger.ItemsWithin(_lane, _walk, last);
        }
    }

    private void SetGap(ulong to, ulong items, LossCause cause)
    {
        Gap = new SpoolGap(_next, to, items, cause);
        _next = to + 1;
    }
}
