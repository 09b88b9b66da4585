using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using Google.Protobuf;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Thinning;

/// <summary>
/// Reads records into windows. Whatever a record holds finds its place: readings in windows of the length to be reached; aggregates of shorter windows in the same; and those of
/// longer ones, which nothing can take apart, in windows of their own length.
/// </summary>
internal sealed class ThinningReader(WindowTable windows, TimeSpan length) : IBatchSink
{
    private static readonly DecodeLimits Limits = new();

    private readonly BatchDecoder _decoder = new(Limits);
    private readonly Dictionary<(ulong Dictionary, uint Reference), SeriesDefinition> _definitions = [];
    private readonly uint _seconds = (uint)length.TotalSeconds;

    /// <summary>Of the aggregates that are being read: how many readings each window has.</summary>
    private readonly List<long> _counts = [];
    private int _countsOf = -1; // which track
    private bool _areAggregates;
    private int _clock;

    /// <summary>Readings, and entries of aggregates.</summary>
    public long ValuesRead { get; private set; }

    /// <exception cref="ThinningRefusedException">The record cannot be understood.</exception>
    public void Read(in SpoolRecord record)
    {
        (_areAggregates, _countsOf, _clock) = (false, -1, -1);
        ProtocolRecord parsed;
        try
        {
            parsed = ProtocolRecord.Parser.ParseFrom(record.Payload.Span);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new ThinningRefusedException($"Record {record.Sequence} is no record: {malformed.Message}", malformed);
        }
        if (!_decoder.TryDecode(parsed, this, out DecodeError error))
        {
            throw new ThinningRefusedException($"Record {record.Sequence} cannot be decoded. {error}");
        }
    }

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
        _definitions[(dictionary, definition.Ref)] = definition;
        if (definition.Aggregate is null or { Function: AggregateFunction.Last })
        {
            // Only the last value of a window is of the kind that the readings were of.
            windows.Series(definition.Aggregate?.Of ?? definition.Name, definition.Kind).Describe(definition);
        }
    }

    public void BeginAggregates() => _areAggregates = true;

    public void Numbers(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        int track = Find(dictionary, series, SeriesKind.Number, values.Length, out AggregateFunction function);
        if (function == AggregateFunction.Count)
        {
            TakeCounts(track, values);
        }
        else if (function == AggregateFunction.Mean && (_countsOf != track || _counts.Count != values.Length))
        {
            throw new ThinningRefusedException($"The means of {windows[track].Series.Name} come without their counts.");
        }
        for (int i = 0; i < values.Length; i++)
        {
            if (function == AggregateFunction.Unspecified)
            {
                windows.Add(track, unixNanoseconds[i], values[i], null, At(qualities, i));
            }
            else
            {
                Combine(ref windows.Aggregated(track, unixNanoseconds[i]), function, unixNanoseconds[i], values[i], i, At(qualities, i));
            }
        }
    }

    public void Booleans(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
    {
        int track = Find(dictionary, series, SeriesKind.Boolean, values.Length, out AggregateFunction function);
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i] ? 1 : 0;
            if (function == AggregateFunction.Unspecified)
            {
                windows.Add(track, unixNanoseconds[i], value, null, At(qualities, i));
            }
            else
            {
                TakeLast(ref windows.Aggregated(track, unixNanoseconds[i]), unixNanoseconds[i], value, null, At(qualities, i));
            }
        }
    }

    public void Texts(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities)
    {
        int track = Find(dictionary, series, SeriesKind.Text, values.Length, out AggregateFunction function);
        for (int i = 0; i < values.Length; i++)
        {
            if (function == AggregateFunction.Unspecified)
            {
                windows.Add(track, unixNanoseconds[i], 0, values[i], At(qualities, i));
            }
            else
            {
                TakeLast(ref windows.Aggregated(track, unixNanoseconds[i]), unixNanoseconds[i], 0, windows.Shared(values[i]), At(qualities, i));
            }
        }
    }

    private static Quality At(ReadOnlySpan<Quality> qualities, int i) => qualities.IsEmpty ? Quality.Good : qualities[i];

    private static void TakeLast(ref Window window, long start, double value, string? text, Quality quality)
    {
        if (quality < Quality.NoResponse)
        {
            window.SetLast(start, value, text, quality);
        }
        else
        {
            window.FailedQuality = quality;
        }
    }

    private void Combine(ref Window window, AggregateFunction function, long start, double value, int row, Quality quality)
    {
        switch (function)
        {
            case AggregateFunction.Count:
                window.Count += _counts[row];
                break;
            case AggregateFunction.Failed:
                window.Failed += Whole(value);
                break;
            case AggregateFunction.Last:
                TakeLast(ref window, start, value, null, quality);
                break;
            case AggregateFunction.Mean when quality < Quality.NoResponse:
                window.AddMean(value, _counts[row], quality);
                break;
            case AggregateFunction.Minimum or AggregateFunction.Maximum when quality < Quality.NoResponse:
                window.Extend(value, quality);
                break;
        }
    }

    private void TakeCounts(int track, ReadOnlySpan<double> values)
    {
        _countsOf = track;
        _counts.Clear();
        foreach (double value in values)
        {
            _counts.Add(Whole(value));
        }
    }

    private static long Whole(double value) => value >= 0 && value <= uint.MaxValue && value == Math.Floor(value)
        ? (long)value
        : throw new ThinningRefusedException($"{value} is no count of readings.");

    /// <summary>Where the entries of a column belong.</summary>
    /// <param name="dictionary">Of the record.</param>
    /// <param name="reference">Within the dictionary.</param>
    /// <param name="kind">Of the values.</param>
    /// <param name="entries">How many there are.</param>
    /// <param name="function">Unspecified: they are readings.</param>
    private int Find(ulong dictionary, uint reference, SeriesKind kind, int entries, out AggregateFunction function)
    {
        if (!_definitions.TryGetValue((dictionary, reference), out SeriesDefinition? definition) || definition.Kind != kind
            || definition.Aggregate is not null != _areAggregates
            || windows.FindSeries(definition.Aggregate?.Of ?? definition.Name) is not { } series)
        {
            throw new ThinningRefusedException($"Series {reference} of dictionary {dictionary} is not named in these records, or otherwise.");
        }
        ValuesRead += entries;
        function = definition.Aggregate?.Function ?? AggregateFunction.Unspecified;
        _clock = _clock < 0 ? windows.Clocks.IndexOf(_decoder.Clock, _decoder.BaseTimeUnixNanoseconds) : _clock;
        return windows.TrackOf(series, _clock, Math.Max(_seconds, definition.Aggregate?.WindowSeconds ?? 0));
    }
}
