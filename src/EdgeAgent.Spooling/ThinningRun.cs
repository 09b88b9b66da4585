using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>One stretch of old records on its way to become fewer. Made by the spool, and valid during the call only.</summary>
public sealed class ThinningRun
{
    private readonly ThinningStretch _stretch;
    private readonly SegmentWalk _walk;
    private readonly SegmentWriter _writer = new();
    private readonly ISpoolFile _file;
    private readonly SegmentIdentity _identity;
    private readonly uint _seed;
    private readonly int _mostPayloadBytes;
    private ulong _items;        // readings of the lane before the next record
    private ulong _payloadBytes;
    private ulong _next;
    private ulong _lastRecord;

    internal ThinningRun(ThinningStretch stretch, ISpoolFile file, SegmentIdentity identity, SpoolOptions options)
    {
        _stretch = stretch;
        _file = file;
        _identity = identity;
        _seed = identity.ChecksumSeed();
        _mostPayloadBytes = options.MaximumPayloadBytes;
        _writer.Begin(file, new SegmentHeader(identity, Guid.Empty, options.SegmentBytes, stretch.ItemsBefore, stretch.BytesBefore));
        _walk = stretch.Walk(stretch.Inputs);
        _items = stretch.ItemsBefore;
        _next = stretch.First;
        CopyHead();
        SkipKnown();
        FirstSequence = _next;
    }

    /// <summary>The level to reach: 1 for records as they were appended, 2 for those of level 1, and so on.</summary>
    public int Level => _stretch.Level;

    /// <summary>The sequence of the first record that will be appended; the others follow without a hole.</summary>
    public ulong FirstSequence { get; }

    internal int RecordsRead { get; private set; }

    internal int RecordsAppended { get; private set; }

    /// <summary>A record did not fit: what was appended is not the whole.</summary>
    internal bool IsFull { get; private set; }

    /// <summary>Whether the thinner has read everything.</summary>
    internal bool IsReadToTheEnd => _walk.IsAtEnd;

    /// <summary>Sequences without a record that were found on the way, and that nobody has written down.</summary>
    internal IReadOnlyList<SpoolGap> Missing => _walk.Missing;

    /// <summary>What was thinned before has suffered since. Nothing can be added to it.</summary>
    internal bool IsHeadDamaged { get; private set; }

    internal ThinningSummary Summary => new(_lastRecord, _items, _stretch.ItemsThrough, _payloadBytes);

    /// <summary>Reads the next record of the stretch.</summary>
    /// <param name="record">Its payload is valid until the next call.</param>
    /// <returns>False at the end.</returns>
    public bool TryRead(out SpoolRecord record)
    {
        if (_stretch.IsGone || !_walk.TryRead(out RecordHeader header, out ReadOnlyMemory<byte> payload))
        {
            record = default;
            return false;
        }
        RecordsRead++;
        record = new SpoolRecord(header.Sequence, header.Items, payload);
        return true;
    }

    /// <summary>Appends a record that stays in place of those that were read.</summary>
    /// <param name="payload">1 to <see cref="SpoolOptions.MaximumPayloadBytes"/> bytes; copied before this returns.</param>
    /// <param name="items">Readings that are in it as they were appended; 0 for summaries.</param>
    /// <returns>False where it does not fit: the run has failed, and nothing will be changed.</returns>
    public bool TryAppend(ReadOnlySpan<byte> payload, uint items)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(payload.Length, 1, nameof(payload));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, _mostPayloadBytes, nameof(payload));
        if (IsFull || _next > _stretch.Through || _stretch.TryForeign(_next, out _) || !_writer.Fits(payload.Length))
        {
            IsFull = true;
            return false;
        }
        Write(_next, items, payload);
        _next++;
        RecordsAppended++;
        return true;
    }

    /// <summary>Gives the buffer back.</summary>
    internal void Close() => _walk.Dispose();

    /// <summary>Returns when the new segment, under whichever name, would survive a power cut.</summary>
    internal void Finish(Guid bootId, int segmentBytes)
    {
        _writer.WriteOut();
        Span<byte> header = stackalloc byte[SegmentHeader.MostBytes];
        new SegmentHeader(_identity, bootId, segmentBytes, _stretch.ItemsBefore, _stretch.BytesBefore, Summary).Write(header);
        _file.Write(header, 0);
        _file.Sync();
    }

    /// <summary>What was thinned to this level before goes on unchanged, under the sequences it has.</summary>
    private void CopyHead()
    {
        if (_stretch.Head is null)
        {
            return;
        }
        using SegmentWalk walk = _stretch.Walk([_stretch.Head]);
        while (walk.TryRead(out RecordHeader header, out ReadOnlyMemory<byte> payload))
        {
            _items = header.ItemsBefore;
            Write(header.Sequence, header.Items, payload.Span);
            _next = header.Sequence + 1;
        }
        IsHeadDamaged = walk.Missing.Count > 0;
    }

    /// <summary>Sequences that are written down as lost keep their numbers.</summary>
    private void SkipKnown()
    {
        while (_stretch.TryForeign(_next, out SpoolGap known))
        {
            _next = known.To + 1;
            _items += known.Items;
        }
    }

    private void Write(ulong sequence, uint items, ReadOnlySpan<byte> payload)
    {
        _writer.Append(_seed, sequence, _items, items, payload);
        _items += items;
        _payloadBytes += (ulong)payload.Length;
        _lastRecord = sequence;
    }
}
