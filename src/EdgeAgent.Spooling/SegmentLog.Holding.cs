using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <content>
/// What memory holds and flash does not: the newest segments, as whole ones. A segment is in memory or on flash, never in both; so what is on
/// flash always ends where what memory holds begins.
/// </content>
internal sealed partial class SegmentLog
{
    private Position _writtenPosition = recovered.Written;
    private ulong _written = recovered.Written.Sequence;
    private ulong _reserved;      // the marks on flash say that sequences through it may have been given
    private ulong _mustBeWritten; // readers must not see a record through it before it is on flash

    /// <summary>Everything through this sequence survives a power cut, or is in the cloud.</summary>
    public ulong Secured => Math.Max(Released, Volatile.Read(ref _written));

    /// <summary>The last sequence that recovery has found on disk. It may have gone on behind what it gave up.</summary>
    public ulong Found { get; init; }

    /// <summary>Called under the gate.</summary>
    public Action? SecuredMoved { get; set; }

    /// <summary>Segments whose records are on flash.</summary>
    public int WrittenCount
    {
        get
        {
            int count = segments.Count;
            while (count > 0 && segments[count - 1].Held is not null)
            {
                count--;
            }
            return count;
        }
    }

    public bool IsAnyHeld => Newest?.Held is not null;

    /// <summary>New segments begin in memory.</summary>
    public bool MayHold => hold is { MayHold: true };

    /// <summary>What memory holds is to be written.</summary>
    public bool IsWritingDue => IsAnyHeld && !Closed && (!MayHold || MustBeWritten);

    /// <summary>Memory holds a record that nobody may see before it is on flash.</summary>
    public bool MustBeWritten => IsAnyHeld && _mustBeWritten > _written;

    /// <summary>How long memory may go on as it does; null where it holds nothing.</summary>
    public TimeSpan? HoldLeft => IsAnyHeld ? hold!.Left : null;

    public long HeldBytes => segments.Sum(static segment => segment.Held?.HeldBytes ?? 0) + (IsAnyHeld ? _writer.UnwrittenBytes : 0);

    /// <summary>From now on records are written, until the cloud has shown again that it takes them.</summary>
    public void StopHolding() => hold?.Write();

    public void ReportTrouble(bool isInTrouble) => hold?.Report(isInTrouble);

    /// <summary>
    /// Writes what memory holds, oldest first, and commits it. Order: the segments, one after the other, each name before its records, so that
    /// only the newest segment on flash can be unfinished; then the marks, which take the reservation back.
    /// </summary>
    /// <exception cref="SpoolFullException">The disk does not take it. Memory has it still, and readers read it.</exception>
    public void WriteHeld()
    {
        try
        {
            Position position = WriteOut();
            while (WrittenCount is var index && index < segments.Count)
            {
                Segment segment = segments[index];
                HeldFile file = segment.Held!;
                if (file.Disk is null)
                {
                    file.Disk = space.Take(segment.Identity);
                    FileBytes += file.Length;
                }
                file.WriteDown();
            }
            hold!.Written();
            _reserved = 0;
            AdvanceCommitted(position);
            NoteWritten(position);
            space.SaveMarks(closing: false);
        }
        catch (Exception failed) when (failed is not SpoolFullException && SpoolBrokenException.IsReason(failed))
        {
            throw new SpoolFullException(lane, failed);
        }
    }

    /// <summary>Readings in memory that the cloud has not confirmed.</summary>
    public ulong CountHeldItems()
    {
        ulong items = 0;
        using var cursor = new SegmentCursor();
        foreach (Segment segment in segments.Skip(WrittenCount))
        {
            cursor.Open(segment);
            for (ulong next = segment.First; cursor.TryFind(next, _tail, out RecordHeader record, out _); next = record.Sequence + 1)
            {
                items += record.Sequence > _released ? record.Items : 0;
            }
        }
        return items;
    }

    /// <summary>
    /// Whether a new segment is to be begun though the newest one has room: to go over to memory, or because half of memory is full, so that the
    /// one half fills while the other one waits for its receipt.
    /// </summary>
    public bool IsTurnDue(int payloadBytes) => MayHold && Newest is { } newest && _tail >= newest.First
        && (newest.Held is not { } held || held.HeldBytes + _writer.UnwrittenBytes + payloadBytes > space.Options.MemoryBytes / 2);

    private bool MayHoldMore(int payloadBytes) =>
        !IsAnyHeld || (_tail < _reserved && HeldBytes + payloadBytes <= space.Options.MemoryBytes);

    private void WriteHeldIfDue(int payloadBytes)
    {
        if (IsAnyHeld && HeldBytes + payloadBytes > space.Options.MemoryBytes)
        {
            StopHolding();
        }
        if (IsWritingDue)
        {
            WriteHeld();
        }
    }

    /// <summary>
    /// The cloud may have what only memory has, and a power cut takes it from here: that none of these sequences is given again is written down
    /// before the first of them is given, for many at once.
    /// </summary>
    private void ReserveIfHeld()
    {
        if (!IsAnyHeld || _tail < _reserved)
        {
            return;
        }
        ulong before = _reserved;
        _reserved = _tail + space.Options.ReservedSequences;
        try
        {
            space.SaveReservation();
        }
        catch (Exception failed) when (SpoolBrokenException.IsReason(failed))
        {
            _reserved = before;
            throw new SpoolFullException(lane, failed);
        }
    }

    private void NoteWritten(Position through)
    {
        if (through.Sequence >= _written)
        {
            _writtenPosition = through;
            Volatile.Write(ref _written, through.Sequence);
            SecuredMoved?.Invoke();
        }
    }

    private void NoteReleased(ulong through)
    {
        hold?.Released(through, _tail, Backlog.OldestAppended(this) is { } oldest ? time.GetElapsedTime(oldest) : TimeSpan.Zero);
        SecuredMoved?.Invoke();
    }
}
