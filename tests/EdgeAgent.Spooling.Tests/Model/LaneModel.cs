using System.Buffers.Binary;

namespace EdgeAgent.Spooling.Tests.Model;

/// <summary>
/// What one lane should hold, and what the cloud got of it: a list in memory. Every sequence has readings that were appended under it,
/// and where it is a record, the number that its payload begins with.
/// </summary>
internal sealed class LaneModel(bool mayHold)
{
    private readonly List<Slot> _slots = [default]; // sequence 0 is none
    private readonly Dictionary<ulong, ulong> _received = []; // what the cloud has, by sequence: the number, or 0 for a summary
    private readonly Dictionary<ulong, SummingThinner.Summary> _receivedSummaries = [];

    public ulong Tail => (ulong)_slots.Count - 1;

    /// <summary>Everything through it is owed: it was secured.</summary>
    public ulong Committed { get; set; }

    /// <summary>What the cloud has in order.</summary>
    public ulong CloudThrough { get; private set; }

    /// <summary>Readings that the cloud has, or was told of.</summary>
    public ulong CloudItems { get; private set; }

    /// <summary>The sum cannot be known just now.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What is lost, refused or damaged will never be in a summary.</summary>
    private readonly record struct Slot(ulong Number, ulong Items, bool IsRecord);

    public void Append(ulong number, uint items) => _slots.Add(new Slot(number, items, true));

    public void AppendLoss(ulong items) => _slots.Add(new Slot(0, items, false));

    public void Refuse(ulong sequence) => _slots[(int)sequence] = _slots[(int)sequence] with { IsRecord = false };

    /// <summary>After an interruption the spool goes on at its own tail. What was not committed may be gone.</summary>
    public void Recover(ulong tail)
    {
        if (tail < Committed)
        {
            throw new ModelException($"The tail {tail} is before {Committed}, which was committed.");
        }
        Expect(tail >= CloudThrough, $"The tail {tail} is before {CloudThrough}, which the cloud has: its number would be given again.");
        while (Tail > tail)
        {
            _slots.RemoveAt(_slots.Count - 1);
        }
        while (Tail < tail)
        {
            _slots.Add(default); // given up for good, in case it was sent
        }
    }

    public ulong ItemsThrough(ulong through) => _slots.Take((int)through + 1).Aggregate(0UL, static (sum, slot) => sum + slot.Items);

    /// <summary>Checks a record that the spool gives, and says whether it is a summary.</summary>
    public void Check(in SpoolRecord record)
    {
        if (SummingThinner.TryParse(record.Payload.Span, out SummingThinner.Summary summary))
        {
            ulong records = 0;
            ulong numbers = 0;
            for (ulong sequence = summary.First; sequence <= summary.Last; sequence++)
            {
                Slot slot = _slots[(int)sequence];
                records += slot.IsRecord ? 1u : 0;
                numbers += slot.IsRecord ? slot.Number : 0;
            }
            Expect(records == summary.Records && numbers == summary.Numbers, $"{record.Sequence} sums up {summary}, not {records} and {numbers}.");
            Expect(record.Items == 0, $"The summary {record.Sequence} says that it holds {record.Items} readings.");
            return;
        }
        Slot raw = _slots[(int)record.Sequence];
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(record.Payload.Span);
        Expect(raw.IsRecord && raw.Number == number && raw.Items == record.Items, $"{record.Sequence} is {number}, not {raw}.");
        Expect(record.Payload.Span[8..].IndexOfAnyExcept((byte)number) < 0, $"The payload of {record.Sequence} is damaged.");
    }

    /// <summary>
    /// Checks a gap. What was not committed when the power went may have holes; they are true from then on.
    /// </summary>
    public void Check(in SpoolGap gap)
    {
        if (gap.Cause == LossCause.Unwritten)
        {
            CheckUnwritten(gap);
        }
        if (gap.Cause != LossCause.Corrupt)
        {
            return;
        }
        ulong items = 0;
        for (ulong sequence = gap.From; sequence <= gap.To; sequence++)
        {
            items += _slots[(int)sequence].Items;
            // What the cloud had from memory need not be here.
            bool isSettled = mayHold && sequence <= CloudThrough;
            Expect(sequence > Committed || isSettled || !_slots[(int)sequence].IsRecord, $"{sequence} was committed ({Committed}), and is told as {gap}.");
        }
        bool isPartlySettled = mayHold && gap.From <= CloudThrough;
        Expect(gap.Items == items || (gap.Items < items && (gap.To > Committed || isPartlySettled)), $"{gap} should be of {items} readings.");
        // What the cloud had of it in time is as it was.
        ulong first = Math.Max(gap.From, CloudThrough + 1);
        ulong left = NewIn(gap, ulong.MaxValue);
        for (ulong sequence = first; sequence <= gap.To; sequence++)
        {
            _slots[(int)sequence] = new Slot(0, sequence == first ? left : 0, false);
        }
    }

    /// <summary>What only memory had may be gone with it, in an unknown number, and never what was secured. The cloud may have had it in time.</summary>
    private void CheckUnwritten(in SpoolGap gap)
    {
        Expect(gap.Items == 0, $"{gap} is of a known number of readings.");
        for (ulong sequence = Math.Max(gap.From, CloudThrough + 1); sequence <= gap.To; sequence++)
        {
            Expect(sequence > Committed || !_slots[(int)sequence].IsRecord, $"{sequence} was secured ({Committed}), and is told as {gap}.");
            _slots[(int)sequence] = default;
        }
    }

    /// <summary>The cloud gets a record. What it has already it must have as the same.</summary>
    public void Receive(in SpoolRecord record)
    {
        bool isSummary = SummingThinner.TryParse(record.Payload.Span, out SummingThinner.Summary summary);
        ulong number = isSummary ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(record.Payload.Span);
        if (record.Sequence <= CloudThrough)
        {
            Expect(!_received.TryGetValue(record.Sequence, out ulong before) || before == number,
                $"The cloud has {before} as {record.Sequence} and would take {number} for a duplicate.");
            Expect(!isSummary || !_receivedSummaries.TryGetValue(record.Sequence, out SummingThinner.Summary other) || other == summary,
                $"The cloud has another summary as {record.Sequence}.");
            return;
        }
        Expect(record.Sequence == CloudThrough + 1, $"The cloud has {CloudThrough}, and gets {record.Sequence} next.");
        _received[record.Sequence] = number;
        if (isSummary)
        {
            _receivedSummaries[record.Sequence] = summary;
        }
        CloudThrough = record.Sequence;
        CloudItems += record.Items;
    }

    public void Receive(in SpoolGap gap, ulong released)
    {
        if (gap.To <= CloudThrough)
        {
            return;
        }
        Expect(gap.From <= CloudThrough + 1, $"The cloud has {CloudThrough}, and gets {gap} next.");
        CloudItems += NewIn(gap, released);
        CloudThrough = gap.To;
    }

    /// <summary>Readings that the cloud learns of by a gap: some of it may be there, where it was dropped before the receipt came.</summary>
    public ulong NewIn(in SpoolGap gap, ulong released)
    {
        if (gap.To <= CloudThrough)
        {
            return 0;
        }
        ulong known = 0;
        for (ulong sequence = gap.From; sequence <= CloudThrough; sequence++)
        {
            known += _received.GetValueOrDefault(sequence) > 0 ? _slots[(int)sequence].Items : 0;
        }
        IsCut |= gap.From == released + 1 && gap.Cause == LossCause.Evicted && gap.Items != ItemsThrough(gap.To) - ItemsThrough(gap.From - 1);
        return gap.Items - Math.Min(gap.Items, known);
    }

    /// <summary>
    /// A receipt has cut through what was dropped before it came: nobody knows how its readings split, and the cloud is told of all of
    /// them once more. From here on it is assumed that the sum is right now.
    /// </summary>
    public void Rebase(ulong told)
    {
        ulong total = ItemsThrough(Tail);
        CloudItems = total - Math.Min(total, told);
        IsCut = false;
    }

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ModelException(otherwise);
        }
    }
}

/// <summary>The spool has broken its promise.</summary>
internal sealed class ModelException(string message) : Exception(message);
