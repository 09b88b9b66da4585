using EdgeAgent.Protocol.V1;
using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol.Columns;

/// <summary>
/// Readings in the order of their arrival, and then, after <see cref="Gather"/>, in columns of one series each. One array for all
/// series rather than some for each: what is held depends on the readings of a batch alone, however many series there are.
/// </summary>
internal sealed class ReadingLog
{
    /// <summary>References are expected to be dense, as an index finds them. A million series take 4 MiB of it.</summary>
    public const uint MaximumReference = 1 << 20;

    /// <summary>The value of a reading of a series of texts that has no value.</summary>
    private const double NoText = -1;

    private readonly List<string> _texts = [];
    private ReusedArray<int> _slotOfReference = new(64);
    private ReusedArray<Slot> _slots = new(16);
    private ReusedArray<int> _slotOfRow = new(256);
    private ReusedArray<long> _rowTimes = new(256);
    private ReusedArray<double> _rowValues = new(256);
    private ReusedArray<byte> _rowQualities = new(256);
    private ReusedArray<long> _times = new(256);
    private ReusedArray<double> _values = new(256);
    private ReusedArray<byte> _qualities = new(256);

    public int Count { get; private set; }

    public int SeriesCount { get; private set; }

    /// <summary>Of the first reading, which is the first one of the first series too.</summary>
    public long FirstTime => _rowTimes.Items[0];

    /// <summary>Upper bound of the encoded readings, without definitions.</summary>
    public int Bound { get; private set; } = EncodedBound.Batch;

    /// <summary>The texts of all readings; a reading of a series of texts has its index as value.</summary>
    public List<string> Texts => _texts;

    /// <summary>Series in the order of their first reading.</summary>
    public ReadOnlySpan<Slot> Slots => _slots.Items.AsSpan(0, SeriesCount);

    public ReadOnlySpan<long> Times(in Slot slot) => _times.Items.AsSpan(slot.Start, slot.Count);

    public ReadOnlySpan<double> Values(in Slot slot) => _values.Items.AsSpan(slot.Start, slot.Count);

    public ReadOnlySpan<byte> Qualities(in Slot slot) => _qualities.Items.AsSpan(slot.Start, slot.Count);

    /// <returns>Whether this is the first reading of its series.</returns>
    public bool Add(uint series, SeriesKind kind, long unixNanoseconds, double number, string? text, Quality quality)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)quality, (uint)Quality.Failed, nameof(quality));
        bool hasValue = quality < Quality.NoResponse;
        if (kind == SeriesKind.Text && hasValue)
        {
            ArgumentNullException.ThrowIfNull(text);
        }
        bool isNew = !TryFindSlot(series, out int index);
        if (isNew)
        {
            index = AddSlot(series, kind, unixNanoseconds);
        }
        ref Slot slot = ref _slots.Items[index];
        if (slot.Kind != kind)
        {
            throw new ArgumentException($"Series {series} is of kind {slot.Kind}, not {kind}.", nameof(kind));
        }
        if (!hasValue)
        {
            number = kind == SeriesKind.Text ? NoText : 0;
        }
        else if (kind == SeriesKind.Text)
        {
            number = _texts.Count;
            _texts.Add(text!);
        }
        Bound += EncodedBound.Reading(kind, unchecked(unixNanoseconds - slot.LastTime), hasValue ? text : null, quality);
        slot.LastTime = unixNanoseconds;
        slot.HasOnlyGood &= quality == Quality.Good;
        slot.Count++;

        int row = Count;
        if (row == _rowTimes.Items.Length)
        {
            _slotOfRow.Ensure(row + 1, keep: row);
            _rowTimes.Ensure(row + 1, keep: row);
            _rowValues.Ensure(row + 1, keep: row);
            _rowQualities.Ensure(row + 1, keep: row);
        }
        _slotOfRow.Items[row] = index;
        _rowTimes.Items[row] = unixNanoseconds;
        _rowValues.Items[row] = number;
        _rowQualities.Items[row] = (byte)quality;
        Count = row + 1;
        return isNew;
    }

    /// <summary>Sorts the readings by series, keeping their order within each: a counting sort, as the counts are known.</summary>
    public void Gather()
    {
        _times.Ensure(Count, keep: 0);
        _values.Ensure(Count, keep: 0);
        _qualities.Ensure(Count, keep: 0);
        Span<Slot> slots = _slots.Items.AsSpan(0, SeriesCount);
        int start = 0;
        foreach (ref Slot slot in slots)
        {
            slot.Start = start;
            slot.Filled = start;
            start += slot.Count;
        }
        for (int row = 0; row < Count; row++)
        {
            int position = slots[_slotOfRow.Items[row]].Filled++;
            _times.Items[position] = _rowTimes.Items[row];
            _values.Items[position] = _rowValues.Items[row];
            _qualities.Items[position] = _rowQualities.Items[row];
        }
        foreach (ref readonly Slot slot in slots)
        {
            if (!slot.HasOnlyGood)
            {
                FillAbsent(_values.Items.AsSpan(slot.Start, slot.Count), Qualities(slot));
            }
        }
    }

    public void Clear()
    {
        foreach (ref readonly Slot slot in Slots)
        {
            _slotOfReference.Items[slot.Series] = 0;
        }
        _texts.Clear();
        _slots.EndRound(SeriesCount);
        _slotOfRow.EndRound(Count);
        _rowTimes.EndRound(Count);
        _rowValues.EndRound(Count);
        _rowQualities.EndRound(Count);
        _times.EndRound(Count);
        _values.EndRound(Count);
        _qualities.EndRound(Count);
        Count = 0;
        SeriesCount = 0;
        Bound = EncodedBound.Batch;
    }

    /// <summary>Where there is no value, the column repeats the one before, or else the first one after: that takes the fewest bytes.</summary>
    private static void FillAbsent(Span<double> values, ReadOnlySpan<byte> qualities)
    {
        int firstValue = qualities.IndexOfAnyInRange((byte)Quality.Good, (byte)Quality.Uncertain);
        double filler = firstValue < 0 ? values[0] : values[firstValue];
        for (int i = 0; i < values.Length; i++)
        {
            if (qualities[i] < (byte)Quality.NoResponse)
            {
                filler = values[i];
            }
            else
            {
                values[i] = filler;
            }
        }
    }

    private bool TryFindSlot(uint series, out int index)
    {
        int[] slotOfReference = _slotOfReference.Items;
        index = series < (uint)slotOfReference.Length ? slotOfReference[series] - 1 : -1;
        return index >= 0;
    }

    private int AddSlot(uint series, SeriesKind kind, long unixNanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfZero(series);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(series, MaximumReference);
        if (kind is not (SeriesKind.Number or SeriesKind.Boolean or SeriesKind.Text))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "A series has numbers, booleans or texts.");
        }
        _slotOfReference.Ensure((int)series + 1, keep: _slotOfReference.Items.Length);
        _slots.Ensure(SeriesCount + 1, keep: SeriesCount);
        _slots.Items[SeriesCount] = new Slot { Series = series, Kind = kind, LastTime = unixNanoseconds, HasOnlyGood = true };
        _slotOfReference.Items[series] = ++SeriesCount;
        Bound += EncodedBound.Series;
        return SeriesCount - 1;
    }

    /// <summary>One series of the batch.</summary>
    internal struct Slot
    {
        public uint Series;
        public SeriesKind Kind;
        public int Count;
        public bool HasOnlyGood;
        public long LastTime;

        /// <summary>Where its columns start, and up to where they are filled while readings are gathered.</summary>
        public int Start;
        public int Filled;
    }
}
