using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Tests.Thinning;

/// <summary>One entry of a series.</summary>
internal readonly record struct Entry(long Time, object? Value, Quality Quality = Quality.Good);

/// <summary>What records hold, by the names of their series, as a service would read them.</summary>
internal sealed class ThinnedRecords : IBatchSink
{
    private readonly Dictionary<(ulong, uint), SeriesDefinition> _definitions = [];
    private bool _areAggregates;

    public ThinnedRecords(IEnumerable<byte[]> records)
    {
        var decoder = new BatchDecoder(new DecodeLimits());
        foreach (byte[] stored in records)
        {
            _areAggregates = false;
            ProtocolRecord record = ProtocolRecord.Parser.ParseFrom(stored);
            int before = Readings;
            Assert.True(decoder.TryDecode(record, this, out DecodeError error), error.ToString());
            Assert.Equal(record.Readings, (uint)(Readings - before));
            Clocks.Add(decoder.Clock);
            BaseTimes.Add(decoder.BaseTimeUnixNanoseconds);
            Records.Add(stored);
        }
    }

    public List<byte[]> Records { get; } = [];

    public List<BatchClock?> Clocks { get; } = [];

    public List<long> BaseTimes { get; } = [];

    public SortedDictionary<string, List<Entry>> Entries { get; } = new(StringComparer.Ordinal);

    public IEnumerable<SeriesDefinition> Definitions => _definitions.Values;

    public HashSet<ulong> Dictionaries { get; } = [];

    public int Readings { get; private set; }

    public int Aggregates { get; private set; }

    public List<Entry> this[string series] => Entries.GetValueOrDefault(series) ?? [];

    /// <summary>The only entry of each of these aggregates of a series; null where there is none.</summary>
    public object?[] Only(string series, string window, params string[] functions) =>
        [.. functions.Select(function => this[$"{series}:{function}:{window}"].Select(entry => entry.Value).SingleOrDefault())];

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
        Assert.Null(SeriesDefinitionRules.Violation(definition));
        Dictionaries.Add(dictionary);
        _definitions[(dictionary, definition.Ref)] = definition;
    }

    public void BeginAggregates() => _areAggregates = true;

    public void Numbers(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Take(dictionary, series, unixNanoseconds[i], values[i], qualities, i);
        }
    }

    public void Booleans(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Take(dictionary, series, unixNanoseconds[i], values[i], qualities, i);
        }
    }

    public void Texts(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Take(dictionary, series, unixNanoseconds[i], values[i], qualities, i);
        }
    }

    private void Take(ulong dictionary, uint series, long time, object value, ReadOnlySpan<Quality> qualities, int i)
    {
        SeriesDefinition definition = _definitions[(dictionary, series)];
        Assert.Equal(_areAggregates, definition.Aggregate is not null);
        Readings += _areAggregates ? 0 : 1;
        Aggregates += _areAggregates ? 1 : 0;
        Quality quality = qualities.IsEmpty ? Quality.Good : qualities[i];
        if (!Entries.TryGetValue(definition.Name, out List<Entry>? entries))
        {
            Entries[definition.Name] = entries = [];
        }
        entries.Add(new Entry(time, quality < Quality.NoResponse ? value : null, quality));
    }
}
