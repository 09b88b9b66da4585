using EdgeAgent.Protocol.Columns;
using EdgeAgent.Protocol.V1;
using Google.Protobuf.Collections;

namespace EdgeAgent.Protocol;

/// <summary>Checks a parsed batch against every rule of reading.proto, and expands its columns on the way.</summary>
internal sealed class BatchValidation(DecodeLimits limits)
{
    private const int BootIdBytes = 16;

    private readonly Dictionary<uint, SeriesDefinition> _definitions = [];
    private readonly List<TimeRange> _times = [];
    private DecodeError _error;

    /// <param name="readings">As the record says.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="baseTime">What its times count from: its own, or corrected.</param>
    /// <param name="columns">Takes what it holds.</param>
    /// <param name="error">What is wrong with it.</param>
    public bool TryRead(uint readings, ReadingBatch batch, long baseTime, DecodedColumns columns, out DecodeError error)
    {
        _error = default;
        bool isValid = CheckSizes(readings, batch, out int entries)
            && CheckClock(batch.Clock)
            && ReadDefinitions(batch)
            && ReadTimes(entries, batch, baseTime, columns)
            && ReadBlocks((int)readings, entries, batch, columns);
        error = _error;
        _definitions.Clear();
        _times.Clear();
        return isValid;
    }

    /// <param name="readings">As the record says.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="entries">The readings and the aggregates together: how long the arrays have to be.</param>
    private bool CheckSizes(uint readings, ReadingBatch batch, out int entries)
    {
        int series = Math.Max(batch.Definitions.Count, Math.Max(batch.Times.Count, batch.Blocks.Count + batch.Aggregates.Count));
        ulong aggregates = CountAggregates(batch);
        ulong all = readings + aggregates;
        entries = (int)Math.Min(all, int.MaxValue);
        return all == 0 ? Fail(DecodeErrorCode.ReadingCount, "record.readings is 0, and there are no aggregates")
            : all > (uint)limits.MaximumReadings
                ? Fail(DecodeErrorCode.TooLarge, $"record.readings {readings} and {aggregates} aggregates are more than {limits.MaximumReadings}")
            : series <= limits.MaximumSeries
                || Fail(DecodeErrorCode.TooLarge, $"the batch has more than {limits.MaximumSeries} definitions, time columns or blocks");
    }

    /// <summary>As their time columns claim. No sum of less than 2^31 blocks of less than 2^32 entries overflows.</summary>
    private static ulong CountAggregates(ReadingBatch batch)
    {
        ulong count = 0;
        foreach (SeriesBlock block in batch.Aggregates)
        {
            // Where there is no such column the block is refused later, by its place.
            count += block.Times < (uint)batch.Times.Count ? batch.Times[(int)block.Times].Count : 0;
        }
        return count;
    }

    private bool CheckClock(BatchClock? clock) =>
        clock is null
        || ((clock.BootId.Length is 0 or BootIdBytes)
            ? clock.State is ClockState.Synchronized or ClockState.Provisional
                || Fail(DecodeErrorCode.Clock, $"clock.state {(int)clock.State} is unknown")
            : Fail(DecodeErrorCode.Clock, $"clock.boot_id has {clock.BootId.Length} bytes, not 0 or {BootIdBytes}"));

    private bool ReadDefinitions(ReadingBatch batch)
    {
        for (int i = 0; i < batch.Definitions.Count; i++)
        {
            SeriesDefinition definition = batch.Definitions[i];
            string? violation = SeriesDefinitionRules.Violation(definition)
                ?? (_definitions.TryAdd(definition.Ref, definition) ? null : $"ref {definition.Ref} is defined twice");
            if (violation is not null)
            {
                return Fail(DecodeErrorCode.Definition, $"definitions[{i}]: {violation}");
            }
        }
        return true;
    }

    /// <summary>Every time column is used by one block at least, so that all together have no more times than there are entries.</summary>
    private bool ReadTimes(int entries, ReadingBatch batch, long baseTime, DecodedColumns columns)
    {
        columns.Rent(entries);
        int start = 0;
        for (int i = 0; i < batch.Times.Count; i++)
        {
            TimeColumn column = batch.Times[i];
            if (TimeColumnDecoder.Violation(column, entries - start) is { } violation)
            {
                return Fail(DecodeErrorCode.Times, $"times[{i}]: {violation}");
            }
            int count = (int)column.Count;
            TimeColumnDecoder.Read(column, baseTime, columns.Times.AsSpan(start, count), columns.Scratch);
            _times.Add(new TimeRange(start, count, IsUsed: false));
            start += count;
        }
        return true;
    }

    private bool ReadBlocks(int readings, int entries, ReadingBatch batch, DecodedColumns columns)
    {
        long textBytesLeft = limits.MaximumTextBytes;
        int start = 0;
        if (!ReadBlocks("blocks", batch.Blocks, ref start, readings, columns, ref textBytesLeft))
        {
            return false;
        }
        if (start != readings)
        {
            return Fail(DecodeErrorCode.ReadingCount, $"record.readings is {readings}, but the batch holds {start}");
        }
        columns.BeginAggregates();
        if (!ReadBlocks("aggregates", batch.Aggregates, ref start, entries, columns, ref textBytesLeft))
        {
            return false;
        }
        int unused = _times.FindIndex(static times => !times.IsUsed);
        return unused < 0 || Fail(DecodeErrorCode.Times, $"times[{unused}] is used by no block");
    }

    private bool ReadBlocks(
        string field, RepeatedField<SeriesBlock> blocks, ref int start, int end, DecodedColumns columns, ref long textBytesLeft)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            if (!ReadBlock(blocks[i], start, end, columns, ref textBytesLeft))
            {
                _error = _error with { Message = $"{field}[{i}] (series {blocks[i].Series}): {_error.Message}" };
                return false;
            }
            start += _times[(int)blocks[i].Times].Count;
        }
        return true;
    }

    private bool ReadBlock(SeriesBlock block, int start, int end, DecodedColumns columns, ref long textBytesLeft)
    {
        if (block.Series == 0)
        {
            return Fail(DecodeErrorCode.Values, "series is 0");
        }
        if (block.Times >= (uint)_times.Count)
        {
            return Fail(DecodeErrorCode.Times, $"times is {block.Times} of {_times.Count} time columns");
        }
        TimeRange times = _times[(int)block.Times];
        _times[(int)block.Times] = times with { IsUsed = true };
        if (times.Count > end - start)
        {
            return Fail(DecodeErrorCode.ReadingCount, $"record.readings is {end}, but the batch holds more");
        }
        if (ReadValues(block, start, times.Count, columns, ref textBytesLeft, out SeriesKind kind) is { } violation)
        {
            return Fail(DecodeErrorCode.Values, violation);
        }
        if (Contradiction(block.Series, kind, columns.HasAggregates) is { } contradiction)
        {
            return Fail(DecodeErrorCode.Values, contradiction);
        }
        bool hasQualities = block.Qualities.Count > 0;
        if (hasQualities && QualityRunsDecoder.TryRead(block.Qualities, columns.RentQualities(start, times.Count)) is { } broken)
        {
            return Fail(DecodeErrorCode.Qualities, broken);
        }
        columns.Add(new DecodedColumns.Block(block.Series, kind, times.Start, start, times.Count, hasQualities));
        return true;
    }

    /// <summary>What the definition says otherwise than the block, where it came in the same batch.</summary>
    private string? Contradiction(uint series, SeriesKind kind, bool isAggregate) =>
        !_definitions.TryGetValue(series, out SeriesDefinition? definition) ? null
        : definition.Kind != kind ? $"the values are of kind {kind}, the definition says {definition.Kind}"
        : definition.Aggregate is null == isAggregate ? "aggregates and readings stand in separate fields, and the definition says the other one"
        : null;

    private static string? ReadValues(
        SeriesBlock block, int start, int count, DecodedColumns columns, ref long textBytesLeft, out SeriesKind kind)
    {
        columns.RentFor(block.ValuesCase);
        switch (block.ValuesCase)
        {
            case SeriesBlock.ValuesOneofCase.Decimals:
                kind = SeriesKind.Number;
                return NumberColumnDecoder.TryRead(block.Decimals, columns.Numbers.AsSpan(start, count), columns.Scratch);
            case SeriesBlock.ValuesOneofCase.Doubles:
                kind = SeriesKind.Number;
                return NumberColumnDecoder.TryRead(block.Doubles, columns.Numbers, start, count);
            case SeriesBlock.ValuesOneofCase.Booleans:
                kind = SeriesKind.Boolean;
                return BooleanColumnDecoder.TryRead(block.Booleans, columns.Booleans.AsSpan(start, count));
            case SeriesBlock.ValuesOneofCase.Texts:
                kind = SeriesKind.Text;
                return TextColumnDecoder.TryRead(block.Texts, columns.Texts.AsSpan(start, count), columns.Scratch, ref textBytesLeft);
            default:
                kind = SeriesKind.Unspecified;
                return "there are no values of a known kind";
        }
    }

    private bool Fail(DecodeErrorCode code, string message)
    {
        _error = new DecodeError(code, message);
        return false;
    }

    private readonly record struct TimeRange(int Start, int Count, bool IsUsed);
}
