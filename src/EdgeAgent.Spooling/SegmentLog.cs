using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// The segments of one lane, oldest first, and the watermarks on their sequence. A lane's sequences are shared out without holes: each
/// segment owns all from its first to the one before the next segment's first. Changed under the gate of <see cref="SpoolSpace"/>; the
/// watermarks can be read without.
/// </summary>
internal sealed class SegmentLog(SpoolLane lane, SpoolSpace space, TimeProvider time, LaneMark recovered, List<Segment> segments)
{
    private readonly SegmentWriter _writer = new();
    private ulong _released = recovered.Released;
    private ulong _sent = recovered.Released;
    private ulong _committed = recovered.Committed.Sequence;
    private ulong _tail = recovered.Committed.Sequence;
    private Position _committedPosition = recovered.Committed;
    private Position _tailPosition = recovered.Committed;
    private readonly PendingLosses _losses = new();
    private ulong _given;       // readers were told of everything through it, or stand there
    private ulong _givenBefore; // what the last owner may have sent, until the cloud has said what it has

    public ulong Released => Volatile.Read(ref _released);

    public ulong Sent => Volatile.Read(ref _sent);

    public ulong Committed => Volatile.Read(ref _committed);

    public ulong Tail => Volatile.Read(ref _tail);

    public Position CommittedPosition => _committedPosition;

    public Position TailPosition => _tailPosition;

    public IReadOnlyList<Segment> Segments => segments;

    public int SegmentCount => segments.Count;

    public long FileBytes { get; private set; } = segments.Sum(segment => segment.File.Length);

    public bool Closed { get; private set; }

    /// <summary>Called under the gate.</summary>
    public Action? CommittedMoved { get; set; }

    /// <summary>Called under the gate where somebody else than this lane's appender or pump has failed on it.</summary>
    public Action<Exception>? Broken { get; set; }

    /// <summary>Nothing can be written any more.</summary>
    public bool IsBroken { get; set; }

    /// <summary>
    /// The cloud may have anything through this sequence, or the whole segment that it is in: a reader marks what it was given as sent
    /// only afterwards, so what counts is where readers were.
    /// </summary>
    public ulong MayBeSent => Math.Max(Math.Max(_given, _sent), _givenBefore);

    public LaneMark CurrentMark => new(_released, _committedPosition);

    /// <summary>The newest segment, if records can go there.</summary>
    public Segment? Newest => segments.Count > 0 ? segments[^1] : null;

    /// <summary>Goes on in the newest segment that was found on disk.</summary>
    public void Resume(long end) => _writer.Resume(Newest!.File, end);

    /// <summary>Nobody knows what the last owner has sent, except that it was of the oldest and no more than this.</summary>
    public void ProtectOldest(long payloadBytes)
    {
        for (int i = Math.Max(0, IndexOf(_released + 1)); i < segments.Count && payloadBytes > 0; i++)
        {
            _givenBefore = segments[i].First;
            payloadBytes -= Backlog.BytesIn(this, i);
        }
        if (segments.Count == 0)
        {
            // Nothing but losses, and being told of those costs no bytes.
            _givenBefore = _tail;
        }
    }

    /// <summary>A reader was told of everything through this sequence, or stands there.</summary>
    public void Give(ulong through) => _given = Math.Max(_given, through);

    public bool Fits(int payloadBytes) => _writer.Fits(payloadBytes);

    /// <summary>Begins a new segment unless the newest one has room, and returns the first sequence of the one with room.</summary>
    /// <exception cref="SpoolFullException">No room; nothing has changed, and smaller records may still fit.</exception>
    public ulong MakeRoom(int payloadBytes)
    {
        if (!_writer.Fits(payloadBytes))
        {
            Roll();
        }
        return Newest!.First;
    }

    public ulong Append(ReadOnlySpan<byte> payload, uint items)
    {
        MakeRoom(payload.Length);
        Segment segment = Newest!;
        ulong sequence = _tail + 1;
        _writer.Append(segment.ChecksumSeed, sequence, _tailPosition.Items, items, payload);
        _tailPosition = new Position(sequence, _tailPosition.Items + items, _tailPosition.Bytes + (ulong)payload.Length);
        segment.LastAppended = time.GetTimestamp();
        if (segment.First == sequence)
        {
            segment.FirstAppended = segment.LastAppended;
        }
        Volatile.Write(ref _tail, sequence);
        return sequence;
    }

    /// <summary>Gives a sequence to readings that were lost before they could be appended.</summary>
    /// <exception cref="SpoolFullException">More is waiting for the ledger than may.</exception>
    public ulong AppendLoss(ulong items, LossCause cause)
    {
        ulong sequence = _tail + 1;
        if (!_losses.TryAdd(new SpoolGap(sequence, sequence, items, cause)))
        {
            throw new SpoolFullException(lane, null);
        }
        _tailPosition = _tailPosition with { Sequence = sequence, Items = _tailPosition.Items + items };
        Volatile.Write(ref _tail, sequence);
        return sequence;
    }

    /// <summary>Hands everything appended to the file system; a sync of the newest segment's file then makes it durable.</summary>
    public Position WriteOut()
    {
        _writer.WriteOut();
        _losses.Seal();
        return _tailPosition;
    }

    /// <summary>
    /// Everything through this position was synced. Order: records, then the losses among them, so that the ledger never knows of a
    /// sequence that may be given again.
    /// </summary>
    public void AdvanceCommitted(Position through)
    {
        if (through.Sequence > _committed)
        {
            _losses.WriteThrough(through.Sequence, lane, space.Ledger);
            _committedPosition = through;
            Volatile.Write(ref _committed, through.Sequence);
            CommittedMoved?.Invoke();
        }
    }

    public void MarkSent(ulong through) => Volatile.Write(ref _sent, Math.Max(_sent, Math.Min(through, _committed)));

    /// <summary>Order: the mark is durable before the first file behind it is given away.</summary>
    public void Release(ulong through)
    {
        ForgetGivenBefore();
        Volatile.Write(ref _released, through);
        Volatile.Write(ref _sent, Math.Max(_sent, through));
        int free = 0;
        while (free < segments.Count - 1 && segments[free].Last <= through)
        {
            free++;
        }
        bool known = space.Ledger.TryFind(lane, 1, out SpoolGap first) && first.To <= through;
        if (free == 0 && !known)
        {
            // The mark on disk stays behind until then. That costs nothing: the cloud names its watermark when a session opens.
            return;
        }
        space.SaveMarks(closing: false);
        space.Ledger.DropThrough(lane, through);
        for (; free > 0; free--)
        {
            FreeOldest();
        }
    }

    /// <summary>
    /// Drops the oldest segment to make room. Order: written down and synced in the ledger before the file is given away.
    /// </summary>
    public (ulong Records, ulong Items) Evict()
    {
        Segment oldest = segments[0];
        bool onlyOne = segments.Count == 1;
        ulong last = onlyOne ? _tail : oldest.Last;
        ulong itemsThrough = onlyOne ? _tailPosition.Items : segments[1].ItemsBefore;
        if (_released >= oldest.First)
        {
            // What was released of it would look lost if the mark on disk were still behind.
            space.SaveMarks(closing: false);
        }
        List<SpoolGap> lost = EvictionTally.Count(space.Ledger, oldest, Math.Max(oldest.First, _released + 1), last, itemsThrough);
        if (lost.Count > 0)
        {
            space.Ledger.Add(lane, [.. lost]);
        }
        FreeOldest();
        ulong records = 0;
        ulong items = 0;
        foreach (SpoolGap gap in lost)
        {
            records += gap.Records;
            items += gap.Items;
        }
        return (records, items);
    }

    /// <summary>The cloud has said what it has: nothing behind that was ever on its way.</summary>
    public void ForgetGivenBefore() => _givenBefore = 0;

    /// <summary>Puts one segment in the place of two. Their files become spares.</summary>
    public void Replace(ThinningStretch stretch, Segment thinned)
    {
        int index = segments.IndexOf(stretch.Older);
        segments[index] = thinned;
        segments.RemoveAt(index + 1);
        FileBytes += thinned.File.Length - stretch.Older.File.Length - stretch.Newer.File.Length;
        space.Free(stretch.Newer);
        space.Free(stretch.Older);
    }

    /// <summary>The index of the segment that owns a sequence, or -1 where the sequence is older than all of them.</summary>
    public int IndexOf(ulong sequence)
    {
        int index = segments.Count - 1;
        while (index >= 0 && segments[index].First > sequence)
        {
            index--;
        }
        return index;
    }

    public void Close()
    {
        Closed = true;
        foreach (Segment segment in segments)
        {
            segment.Drop();
            segment.File.Dispose();
        }
    }

    private void FreeOldest()
    {
        Segment oldest = segments[0];
        segments.RemoveAt(0);
        FileBytes -= oldest.File.Length;
        if (segments.Count == 0)
        {
            _writer.Detach();
        }
        space.Free(oldest);
    }

    /// <summary>
    /// The old segment is durable as a whole before a new one begins, so that only the newest can hold anything uncommitted; and before
    /// one is dropped, which may be this one.
    /// </summary>
    private void Roll()
    {
        if (_committed < _tail)
        {
            Position position = WriteOut();
            Newest?.File.Sync();
            AdvanceCommitted(position);
        }
        var identity = new SegmentIdentity(space.SpoolId, lane, _tail + 1);
        ISpoolFile file = space.Take(identity);
        if (Newest is { } sealedNow)
        {
            sealedNow.Last = _tail;
            if (sealedNow.Level == 0)
            {
                sealedNow.PayloadBytes = _tailPosition.Bytes - Math.Min(sealedNow.BytesBefore, _tailPosition.Bytes);
            }
        }
        segments.Add(new Segment(file, identity, _tailPosition.Items, _tailPosition.Bytes, time.GetTimestamp()));
        FileBytes += file.Length;
        _writer.Begin(file, new SegmentHeader(identity, space.BootId, (int)file.Length, _tailPosition.Items, _tailPosition.Bytes));
    }
}
