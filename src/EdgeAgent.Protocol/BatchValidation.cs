using EdgeAgent.Protocol.Columns;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol;

/// <summary>Checks a parsed batch against every rule of reading.proto, and expands its columns on the way.</summary>
internal sealed class BatchValidation(DecodeLimits limits)
{
    private const int BootIdBytes = 16;

    private readonly Dictionary<uint, SeriesKind> _kinds = [];
    private readonly List<TimeRange> _times = [];
    private DecodeError _error;

    public bool TryRead(uint readings, ReadingBatch batch, DecodedColumns columns, out DecodeError error)
    {
        _error = default;
        bool isValid = CheckSizes(readings, batch)
            && CheckClock(batch.Clock)
            && ReadDefinitions(batch)
            && ReadTimes((int)readings, batch, columns)
            && ReadBlocks((int)readings, batch, columns);
        error = _error;
        _kinds.Clear();
        _times.Clear();
        return isValid;
    }

    private bool CheckSizes(uint readings, ReadingBatch batch)
    {
        int series = Math.Max(batch.Definitions.Count, Math.Max(batch.Times.Count, batch.Blocks.Count));
        return readings == 0 ? Fail(DecodeErrorCode.ReadingCount, "record.readings is 0")
            : readings > (uint)limits.MaximumReadings
                ? Fail(DecodeErrorCode.TooLarge, $"record.readings {readings} is more than {limits.MaximumReadings}")
            : series <= limits.MaximumSeries
                || Fail(DecodeErrorCode.TooLarge, $"the batch has more than {limits.MaximumSeries} definitions, time columns or blocks");
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
                ?? (_kinds.TryAdd(definition.Ref, definition.Kind) ? null : $"ref {definition.Ref} is defined twice");
            if (violation is not null)
            {
                return Fail(DecodeErrorCode.Definition, $"definitions[{i}]: {violation}");
            }
        }
        return true;
    }

    /// <summary>Every time column is used by one block at least, so that all together have no more times than there are readings.</summary>
    private bool ReadTimes(int readings, ReadingBatch batch, DecodedColumns columns)
    {
        columns.Rent(readings);
        int start = 0;
        for (int i = 0; i < batch.Times.Count; i++)
        {
            TimeColumn column = batch.Times[i];
            if (TimeColumnDecoder.Violation(column, readings - start) is { } violation)
            {
                return Fail(DecodeErrorCode.Times, $"times[{i}]: {violation}");
            }
            int count = (int)column.Count;
            TimeColumnDecoder.Read(column, batch.BaseTimeUnixNanoseconds, columns.Times.AsSpan(start, count), columns.Scratch);
            _times.Add(new TimeRange(start, count, IsUsed: false));
            start += count;
        }
        return true;
    }

    private bool ReadBlocks(int readings, ReadingBatch batch, DecodedColumns columns)
    {
        long textBytesLeft = limits.MaximumTextBytes;
        int start = 0;
        for (int i = 0; i < batch.Blocks.Count; i++)
        {
            SeriesBlock block = batch.Blocks[i];
            if (!ReadBlock(block, start, readings, columns, ref textBytesLeft))
            {
                _error = _error with { Message = $"blocks[{i}] (series {block.Series}): {_error.Message}" };
                return false;
            }
            start += _times[(int)block.Times].Count;
        }
        int unused = _times.FindIndex(static times => !times.IsUsed);
        return unused >= 0 ? Fail(DecodeErrorCode.Times, $"times[{unused}] is used by no block")
            : start == readings || Fail(DecodeErrorCode.ReadingCount, $"record.readings is {readings}, but the batch holds {start}");
    }

    private bool ReadBlock(SeriesBlock block, int start, int readings, DecodedColumns columns, ref long textBytesLeft)
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
        if (times.Count > readings - start)
        {
            return Fail(DecodeErrorCode.ReadingCount, $"record.readings is {readings}, but the batch holds more");
        }
        if (ReadValues(block, start, times.Count, columns, ref textBytesLeft, out SeriesKind kind) is { } violation)
        {
            return Fail(DecodeErrorCode.Values, violation);
        }
        if (_kinds.TryGetValue(block.Series, out SeriesKind defined) && defined != kind)
        {
            return Fail(DecodeErrorCode.Values, $"the values are of kind {kind}, the definition says {defined}");
        }
        bool hasQualities = block.Qualities.Count > 0;
        if (hasQualities && QualityRunsDecoder.TryRead(block.Qualities, columns.RentQualities(start, times.Count)) is { } broken)
        {
            return Fail(DecodeErrorCode.Qualities, broken);
        }
        columns.Add(new DecodedColumns.Block(block.Series, kind, times.Start, start, times.Count, hasQualities));
        return true;
    }

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
