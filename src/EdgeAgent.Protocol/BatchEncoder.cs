using System.Buffers;
using EdgeAgent.Protocol.Columns;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Protocol.Wire;
using Google.Protobuf;

namespace EdgeAgent.Protocol;

/// <summary>
/// Collects readings and writes them as the columns of edge.v1.ReadingBatch, in the stored form of <see cref="StoredRecord"/>.
/// Meant to be kept: in a steady state it allocates nothing without compression, and a constant amount for a batch with it.
/// For one thread at a time.
/// <code>
/// ReadingBatch := base_time (1) dictionary (2) definitions (3)* times (4)* ( blocks (5) | aggregates (7) )* clock (6)?
/// block        := series (1) times (2) decimals (3) | doubles (4) | booleans (5) | texts (6)  qualities (8)*
/// </code>
/// Blocks come in the order of the series' first readings, time columns in the order in which blocks refer to them first, and the
/// base time is the first time of the first block. A block of a series that is defined as an aggregate is one of aggregates.
/// </summary>
public sealed class BatchEncoder
{
    private readonly ReadingLog _log = new();
    private readonly NamedSeries _named = new();
    private readonly TimeColumnTable _timeColumns = new();
    private readonly TimeColumnEncoder _times = new();
    private readonly NumberColumnEncoder _numbers = new();
    private readonly TextColumnEncoder _texts = new();
    private readonly ProtobufBuffer _batch = new();
    private readonly BatchCompressor _compressor = new();
    private ReusedArray<int> _columnOfSlot = new(16);
    private int _definitionBytes;

    /// <summary>Readings, and entries of aggregates, added since the last <see cref="Encode"/> or <see cref="Clear"/>.</summary>
    public int Count => _log.Count;

    /// <summary>
    /// When to close a batch: an upper bound of what <see cref="Encode"/> will write, except that the definition of a series that was
    /// never encoded counts as 128 bytes. Costs nothing to ask.
    /// </summary>
    public int EstimatedBytes => _log.Bound + _definitionBytes;

    /// <summary>How much room to prepare: an upper bound of what <see cref="Encode"/> will write, all definitions included.</summary>
    public int MaximumBytes(ISeriesDefinitions definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        int bytes = _log.Bound;
        foreach (ref readonly ReadingLog.Slot slot in _log.Slots)
        {
            bytes += _named.MeasureDefinition(slot.Series, definitions);
        }
        return bytes;
    }

    /// <summary>The instant that all times will count from, as it was added: the time of the first reading.</summary>
    public long BaseTimeUnixNanoseconds => _log.FirstTime;

    /// <summary>Adds a reading. Where the quality says that there is no value, number and text are ignored.</summary>
    /// <param name="series">The number of the series, dense from 1 on.</param>
    /// <param name="kind">What the values of the series are; the same for all its readings.</param>
    /// <param name="unixNanoseconds">Nanoseconds since 1970-01-01T00:00:00Z. Need not be in order.</param>
    /// <param name="number">The value of a series of numbers; 0 or 1 for one of booleans.</param>
    /// <param name="text">The value of a series of texts.</param>
    /// <param name="quality">How far the value can be trusted.</param>
    public void Add(uint series, SeriesKind kind, long unixNanoseconds, double number, string? text, Quality quality)
    {
        if (_log.Add(series, kind, unixNanoseconds, number, text, quality))
        {
            int bytes = _named.DefinitionBytes(series);
            _definitionBytes += bytes == 0 ? EncodedBound.UnseenDefinition : bytes;
        }
    }

    /// <summary>
    /// Writes the stored form of the batch and clears. Series that were not yet named under <paramref name="dictionary"/> are named.
    /// </summary>
    /// <param name="dictionary">The sequence of the record that opened the dictionary: the first one of the segment.</param>
    /// <param name="definitions">What the series are called.</param>
    /// <param name="compression">How to compress, where that makes the batch smaller.</param>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="clock">Where the wall clock was not known to be right: which clock the times came from. Null otherwise.</param>
    /// <param name="shift">Nanoseconds to move all times by, where what they should have been is known by now.</param>
    /// <exception cref="InvalidOperationException">There are no readings.</exception>
    public void Encode(
        ulong dictionary, ISeriesDefinitions definitions, BatchCompression compression, IBufferWriter<byte> output, BatchClock? clock = null,
        long shift = 0)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(output);
        if (Count == 0)
        {
            throw new InvalidOperationException("A batch without readings is not a record.");
        }
        _log.Gather();
        _batch.Clear();
        long baseTime = BaseTimeUnixNanoseconds;
        _batch.Fixed64(ReadingBatch.BaseTimeUnixNanosecondsFieldNumber, unchecked(baseTime + shift));
        _batch.Unsigned(ReadingBatch.DictionaryFieldNumber, dictionary);
        WriteDefinitions(dictionary, definitions);
        WriteTimes(baseTime);
        WriteBlocks();
        if (clock is not null)
        {
            WriteMessage(ReadingBatch.ClockFieldNumber, clock);
        }
        bool isProvisional = clock is { State: ClockState.Provisional };
        StoredRecord.Write(CountReadings(), isProvisional, _batch.Written, compression, _compressor, output);
        Clear();
    }

    /// <summary>Forgets the readings.</summary>
    public void Clear()
    {
        _log.Clear();
        _definitionBytes = 0;
    }

    /// <summary>To be called when what was encoded did not reach the buffer: all series will be named again.</summary>
    public void ForgetDictionary() => _named.Forget();

    private void WriteDefinitions(ulong dictionary, ISeriesDefinitions definitions)
    {
        _named.Use(dictionary);
        foreach (ref readonly ReadingLog.Slot slot in _log.Slots)
        {
            _named.MeasureDefinition(slot.Series, definitions);
            if (_named.TryName(slot.Series))
            {
                WriteMessage(ReadingBatch.DefinitionsFieldNumber, definitions[slot.Series]);
            }
        }
    }

    private uint CountReadings()
    {
        int count = 0;
        foreach (ref readonly ReadingLog.Slot slot in _log.Slots)
        {
            count += _named.IsAggregate(slot.Series) ? 0 : slot.Count;
        }
        return (uint)count;
    }

    private void WriteTimes(long baseTime)
    {
        ReadOnlySpan<ReadingLog.Slot> slots = _log.Slots;
        _timeColumns.Clear(slots.Length);
        _columnOfSlot.EndRound(slots.Length);
        _columnOfSlot.Ensure(slots.Length, keep: 0);
        for (int i = 0; i < slots.Length; i++)
        {
            if (_timeColumns.TryAdd(_log, slots[i], out _columnOfSlot.Items[i]))
            {
                _times.Write(ReadingBatch.TimesFieldNumber, _log.Times(slots[i]), baseTime, _batch);
            }
        }
    }

    private void WriteBlocks()
    {
        ReadOnlySpan<ReadingLog.Slot> slots = _log.Slots;
        for (int i = 0; i < slots.Length; i++)
        {
            ref readonly ReadingLog.Slot slot = ref slots[i];
            int block = _batch.Begin(_named.IsAggregate(slot.Series) ? ReadingBatch.AggregatesFieldNumber : ReadingBatch.BlocksFieldNumber);
            _batch.Unsigned(SeriesBlock.SeriesFieldNumber, slot.Series);
            _batch.Unsigned(SeriesBlock.TimesFieldNumber, (uint)_columnOfSlot.Items[i]);
            switch (slot.Kind)
            {
                case SeriesKind.Number:
                    _numbers.Write(_log.Values(slot), _batch);
                    break;
                case SeriesKind.Boolean:
                    BooleanColumnEncoder.Write(_log.Values(slot), _batch);
                    break;
                default:
                    _texts.Write(_log.Values(slot), _log.Texts, _batch);
                    break;
            }
            if (!slot.HasOnlyGood)
            {
                QualityRunsEncoder.Write(_log.Qualities(slot), _batch);
            }
            _batch.End(block);
        }
    }

    private void WriteMessage(int field, IMessage message)
    {
        int mark = _batch.Begin(field);
        int size = message.CalculateSize();
        message.WriteTo(_batch.Reserve(size)[..size]);
        _batch.Advance(size);
        _batch.End(mark);
    }
}
