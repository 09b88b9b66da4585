using System.Buffers.Binary;
using System.Text.Json;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;

namespace EdgeAgent.Protocol.Tests;

/// <summary>Series of aggregates among series of readings.</summary>
public sealed class AggregateTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const string Protobuf = "/usr/lib/python3/dist-packages/google/protobuf/__init__.py";
    private const long Start = 1_767_225_600_000_000_000;
    private const long Minute = 60_000_000_000;

    private readonly TemporaryFolder _folder = new();

    private static TestSeries Series => new(
        Define(1, AggregateFunction.Count, SeriesKind.Number), Define(2, AggregateFunction.Mean, SeriesKind.Number),
        Define(3, AggregateFunction.Last, SeriesKind.Text), new SeriesDefinition { Ref = 4, Name = "door", Kind = SeriesKind.Boolean });

    [Theory]
    [InlineData(BatchCompression.None)]
    [InlineData(BatchCompression.Gzip)]
    public void Aggregates_come_back_apart_from_readings_and_only_readings_are_counted(BatchCompression compression)
    {
        byte[] stored = Encode(compression);
        Assert.True(StoredRecord.TryReadReadings(stored, out uint readings));
        Assert.Equal(20u, readings);

        var sink = new CountingSink();
        Assert.True(new BatchDecoder(new DecodeLimits()).TryDecode(Record.Parser.ParseFrom(stored), sink, out DecodeError error), error.ToString());
        Assert.Equal((20, 60), (sink.Readings, sink.Aggregates));
        RecordingSink all = Codec.Decode(stored);
        Assert.Equal([1u, 2u, 3u, 4u], all.Series.Keys.Order());
    }

    [Fact]
    public void A_record_of_nothing_but_aggregates_has_no_readings()
    {
        var encoder = new BatchEncoder();
        encoder.Add(1, SeriesKind.Number, Start, 60, null, Quality.Good);
        Record record = Record.Parser.ParseFrom(Codec.Encode(encoder, Series));
        Assert.Equal(0u, record.Readings);
        Assert.True(new BatchDecoder(new DecodeLimits()).TryDecode(record, new RecordingSink(), out DecodeError error), error.ToString());
        record.Readings = 1;
        Assert.Equal(DecodeErrorCode.ReadingCount, Codec.Refuse(record).Code);
    }

    [Theory]
    [InlineData(AggregateFunction.Minimum, 60, "a/b:min:1m")]
    [InlineData(AggregateFunction.Maximum, 900, "a/b:max:15m")]
    [InlineData(AggregateFunction.Mean, 90, "a/b:mean:90s")]
    [InlineData(AggregateFunction.Count, 7_200, "a/b:count:2h")]
    [InlineData(AggregateFunction.Last, 86_400, "a/b:last:1d")]
    [InlineData(AggregateFunction.Failed, 86_399, "a/b:failed:86399s")]
    public void An_aggregate_is_called_after_what_it_is_of_its_function_and_its_window(AggregateFunction function, uint seconds, string name)
    {
        Assert.Equal(name, AggregateName.Of(new Aggregate { Function = function, WindowSeconds = seconds, Of = "a/b" }));
        // The longest name of a series leaves room for it.
        var longest = new Aggregate { Function = function, WindowSeconds = seconds, Of = new string('x', SeriesDefinitionRules.MaximumNameBytes) };
        var definition = new SeriesDefinition { Ref = 1, Name = AggregateName.Of(longest), Kind = SeriesKind.Number, Aggregate = longest };
        Assert.Null(SeriesDefinitionRules.Violation(definition));
        Assert.InRange(definition.Name.Length - longest.Of.Length, 1, SeriesDefinitionRules.MaximumAggregateSuffixBytes);
    }

    [Fact]
    public void A_dictionary_of_thinned_readings_is_none_of_the_readings_and_says_where_it_was_opened()
    {
        ulong thinned = DictionaryId.OfThinned(77, 2);
        Assert.Equal(77ul, DictionaryId.OpenedBy(thinned));
        Assert.True(DictionaryId.IsThinned(thinned));
        Assert.False(DictionaryId.IsThinned(77));
        Assert.Equal(77ul, DictionaryId.OpenedBy(77));
        // Databases count in signed 64-bit integers.
        Assert.True((long)DictionaryId.OfThinned(DictionaryId.SequenceMask, 15) > 0);
    }

    [InstalledFact(Python, Protobuf, "protoc")]
    public async Task Another_language_reads_aggregates_from_the_document_alone()
    {
        string protos = Path.Combine(AppContext.BaseDirectory, "protos");
        await RunAsync(
            InstalledFactAttribute.Find("protoc")!, "-I", protos, "--python_out", _folder.Path,
            Path.Combine(protos, "edge", "v1", "reading.proto"), Path.Combine(protos, "edge", "v1", "ingest.proto"));
        using (FileStream file = File.Create(_folder["records"]))
        {
            byte[] length = new byte[sizeof(int)];
            foreach (byte[] stored in new[] { Encode(BatchCompression.None), Encode(BatchCompression.Gzip) })
            {
                BinaryPrimitives.WriteInt32LittleEndian(length, stored.Length);
                file.Write(length);
                file.Write(stored);
            }
        }
        string output = await RunAsync(
            Python, Path.Combine(AppContext.BaseDirectory, "foreign", "python", "read_records.py"), "--protos", _folder.Path, _folder["records"]);

        JsonElement[] entries = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        string[] once = [.. Enumerable.Range(0, 20).Select(i => $"t:mean:1m t {Start + (i * Minute)} {(i == 3 ? "" : $"{20 + (i / 8.0):0.0##}")}")];
        Assert.Equal(
            [.. once, .. once],
            entries.Where(entry => entry.GetProperty("series").GetString() == "t:mean:1m")
                .Select(entry => $"{entry.GetProperty("series")} {entry.GetProperty("of")} {entry.GetProperty("time")} {entry.GetProperty("value")}"));
        Assert.Equal(40, entries.Count(entry => entry.GetProperty("of").ValueKind == JsonValueKind.Null));
        Assert.Equal(120, entries.Count(entry => entry.GetProperty("of").ValueKind == JsonValueKind.String));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(program, arguments, TimeSpan.FromSeconds(60));
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static byte[] Encode(BatchCompression compression)
    {
        var encoder = new BatchEncoder();
        for (int i = 0; i < 20; i++)
        {
            long time = Start + (i * Minute);
            encoder.Add(1, SeriesKind.Number, time, 60, null, Quality.Good);
            encoder.Add(2, SeriesKind.Number, time, 20 + (i / 8.0), null, i == 3 ? Quality.NoResponse : Quality.Good);
            encoder.Add(3, SeriesKind.Text, time, 0, i % 2 == 0 ? "on" : "off", Quality.Good);
            encoder.Add(4, SeriesKind.Boolean, time, i % 2, null, Quality.Good);
        }
        return Codec.Encode(encoder, Series, compression);
    }

    private static SeriesDefinition Define(uint reference, AggregateFunction function, SeriesKind kind)
    {
        var aggregate = new Aggregate { Function = function, WindowSeconds = 60, Of = "t" };
        return new SeriesDefinition { Ref = reference, Name = AggregateName.Of(aggregate), Kind = kind, Aggregate = aggregate };
    }

    private sealed class CountingSink : IBatchSink
    {
        private bool _areAggregates;

        public int Readings { get; private set; }

        public int Aggregates { get; private set; }

        public void Define(ulong dictionary, SeriesDefinition definition) => Assert.False(_areAggregates);

        public void BeginAggregates() => _areAggregates = true;

        public void Numbers(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities) =>
            Count(unixNanoseconds.Length);

        public void Booleans(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities) =>
            Count(unixNanoseconds.Length);

        public void Texts(ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities) =>
            Count(unixNanoseconds.Length);

        private void Count(int entries)
        {
            Readings += _areAggregates ? 0 : entries;
            Aggregates += _areAggregates ? entries : 0;
        }
    }
}
