using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Protocol.Tests;

public sealed class DecodeErrorTests
{
    /// <summary>Every rule once: what is done to a valid record of three readings of five series, and the error that it must cause.</summary>
    private static readonly Dictionary<string, Breach> Breaches = new()
    {
        ["nothing in it"] = new(DecodeErrorCode.NoContent, "", record => record.ClearContent()),
        ["no readings"] = new(DecodeErrorCode.ReadingCount, "readings", record => record.Readings = 0),
        ["fewer readings than it says"] = new(DecodeErrorCode.ReadingCount, "16", record => record.Readings++),
        ["more readings than it says"] = new(DecodeErrorCode.ReadingCount, "blocks[4]", record => record.Readings--),
        ["too many readings"] = new(DecodeErrorCode.TooLarge, "readings", record => record.Readings = 100_001),
        ["too many series"] = new(DecodeErrorCode.TooLarge, "20000",
            record => record.Batch.Definitions.Add(Enumerable.Repeat(new SeriesDefinition(), 20_001))),
        ["time column without times"] = new(DecodeErrorCode.Times, "times[0]", record => record.Batch.Times[0].Count = 0),
        ["more times than readings"] = new(DecodeErrorCode.Times, "times[0]", record => record.Batch.Times[0].Count = 16),
        ["decimals of a second beyond nanoseconds"] = new(DecodeErrorCode.Times, "decimals", record => record.Batch.Times[0].Decimals = 10),
        ["too few deviations"] = new(DecodeErrorCode.Times, "deviations", record => record.Batch.Times[0].Deviations.Add(1)),
        ["time column that nothing uses"] = new(DecodeErrorCode.Times, "times[1]", record => record.Batch.Times.Add(new TimeColumn { Count = 1 })),
        ["block of an unknown time column"] = new(DecodeErrorCode.Times, "blocks[0]", record => record.Batch.Blocks[0].Times = 1),
        ["block of no series"] = new(DecodeErrorCode.Values, "series is 0", record => record.Batch.Blocks[0].Series = 0),
        ["block without values"] = new(DecodeErrorCode.Values, "no values", record => record.Batch.Blocks[0].ClearValues()),
        ["too few mantissas"] = new(DecodeErrorCode.Values, "blocks[0] (series 1): decimals.mantissas", record => record.Batch.Blocks[0].Decimals.Mantissas.RemoveAt(0)),
        ["exponent too large"] = new(DecodeErrorCode.Values, "exponent", record => record.Batch.Blocks[0].Decimals.Exponent = 23),
        ["exponent too small"] = new(DecodeErrorCode.Values, "exponent", record => record.Batch.Blocks[0].Decimals.Exponent = int.MinValue),
        ["mantissa beyond 2^53"] = new(DecodeErrorCode.Values, "mantissas[2]", record => record.Batch.Blocks[0].Decimals.Mantissas[2] = (1L << 53) + 1),
        ["smallest mantissa there is"] = new(DecodeErrorCode.Values, "mantissas[0]", record => record.Batch.Blocks[0].Decimals.Mantissas[0] = long.MinValue),
        ["deltas that overflow"] = new(DecodeErrorCode.Values, "mantissas[1]", record =>
        {
            record.Batch.Blocks[0].Decimals.Delta = true;
            record.Batch.Blocks[0].Decimals.Mantissas[1] = long.MaxValue;
        }),
        ["exception without value"] = new(DecodeErrorCode.Values, "exception_positions", record => record.Batch.Blocks[0].Decimals.ExceptionPositions.Add(1)),
        ["exception out of range"] = new(DecodeErrorCode.Values, "exception_positions[0]", record =>
        {
            record.Batch.Blocks[0].Decimals.ExceptionPositions.Add(3);
            record.Batch.Blocks[0].Decimals.ExceptionValues.Add(1);
        }),
        ["exceptions that overflow"] = new(DecodeErrorCode.Values, "exception_positions[1]", record =>
        {
            record.Batch.Blocks[0].Decimals.ExceptionPositions.Add([1, uint.MaxValue]);
            record.Batch.Blocks[0].Decimals.ExceptionValues.Add([1, 1]);
        }),
        ["exception twice"] = new(DecodeErrorCode.Values, "exception_positions[1]", record =>
        {
            record.Batch.Blocks[0].Decimals.ExceptionPositions.Add([1, 0]);
            record.Batch.Blocks[0].Decimals.ExceptionValues.Add([1, 1]);
        }),
        ["too many doubles"] = new(DecodeErrorCode.Values, "doubles.values", record => record.Batch.Blocks[1].Doubles.Values.Add(1)),
        ["booleans miscounted"] = new(DecodeErrorCode.Values, "booleans.count", record => record.Batch.Blocks[2].Booleans.Count = 2),
        ["too few bits"] = new(DecodeErrorCode.Values, "booleans.bits", record => record.Batch.Blocks[2].Booleans.Bits = ByteString.Empty),
        ["unused bits set"] = new(DecodeErrorCode.Values, "unused", record => record.Batch.Blocks[2].Booleans.Bits = ByteString.CopyFrom(8)),
        ["index of no text"] = new(DecodeErrorCode.Values, "indices[2]", record => record.Batch.Blocks[3].Texts.Indices[2] = 2),
        ["too few indices"] = new(DecodeErrorCode.Values, "indices", record => record.Batch.Blocks[3].Texts.Indices.RemoveAt(0)),
        ["more texts than values"] = new(DecodeErrorCode.Values, "texts.texts", record => record.Batch.Blocks[3].Texts.Texts.Add(["a", "b"])),
        ["readings that are defined as aggregates"] = new(DecodeErrorCode.Values, "blocks[0] (series 1): aggregates and readings", record => MakeAggregate(record.Batch.Definitions[0])),
        ["aggregates that are defined as readings"] = new(DecodeErrorCode.Values, "aggregates[0] (series 1): aggregates and readings",
            record => record.Batch.Aggregates.Add(record.Batch.Blocks[0].Clone())),
        ["aggregates of an unknown time column"] = new(DecodeErrorCode.Times, "aggregates[0]", record => record.Batch.Aggregates.Add(new SeriesBlock { Series = 9, Times = 1 })),
        ["aggregates without values"] = new(DecodeErrorCode.Values, "aggregates[0]", record => record.Batch.Aggregates.Add(new SeriesBlock { Series = 9 })),
        ["too many aggregates"] = new(DecodeErrorCode.TooLarge, "aggregates", record =>
        {
            record.Batch.Times.Add(new TimeColumn { Count = uint.MaxValue });
            record.Batch.Aggregates.Add(new SeriesBlock { Series = 9, Times = 1 });
        }),
        ["aggregate of an unknown function"] = new(DecodeErrorCode.Definition, "function 7", record => MakeAggregate(record.Batch.Definitions[0]).Function = (AggregateFunction)7),
        ["aggregate of no window"] = new(DecodeErrorCode.Definition, "window_seconds 0", record => MakeAggregate(record.Batch.Definitions[0]).WindowSeconds = 0),
        ["aggregate of more than a day"] = new(DecodeErrorCode.Definition, "window_seconds 86401", record => MakeAggregate(record.Batch.Definitions[0]).WindowSeconds = 86_401),
        ["aggregate of nothing"] = new(DecodeErrorCode.Definition, "aggregate.of", record => MakeAggregate(record.Batch.Definitions[0]).Of = ""),
        ["aggregate of another name"] = new(DecodeErrorCode.Definition, "name is not", record => MakeAggregate(record.Batch.Definitions[0]).WindowSeconds = 90),
        ["mean that is a text"] = new(DecodeErrorCode.Definition, "gives numbers", record =>
        {
            MakeAggregate(record.Batch.Definitions[0]).Function = AggregateFunction.Mean;
            record.Batch.Definitions[0].Kind = SeriesKind.Text;
        }),
        ["values of another kind than defined"] = new(DecodeErrorCode.Values, "definition", record => record.Batch.Definitions[0].Kind = SeriesKind.Text),
        ["run of no readings"] = new(DecodeErrorCode.Qualities, "qualities[0]", record => record.Batch.Blocks[4].Qualities[0].Count = 0),
        ["run out of range"] = new(DecodeErrorCode.Qualities, "qualities[1]", record => record.Batch.Blocks[4].Qualities[1].Count = 2),
        ["run that overflows"] = new(DecodeErrorCode.Qualities, "qualities[1]", record => record.Batch.Blocks[4].Qualities[1].Count = uint.MaxValue),
        ["runs that overlap"] = new(DecodeErrorCode.Qualities, "qualities[1]", record => record.Batch.Blocks[4].Qualities[1].First = 0),
        ["run of good readings"] = new(DecodeErrorCode.Qualities, "quality", record => record.Batch.Blocks[4].Qualities[0].Quality = Quality.Good),
        ["unknown quality"] = new(DecodeErrorCode.Qualities, "quality 7", record => record.Batch.Blocks[4].Qualities[0].Quality = (Quality)7),
        ["definition without name"] = new(DecodeErrorCode.Definition, "definitions[0]: name", record => record.Batch.Definitions[0].Name = ""),
        ["name too long"] = new(DecodeErrorCode.Definition, "name", record => record.Batch.Definitions[0].Name = new string('ü', 129)),
        ["control character in a name"] = new(DecodeErrorCode.Definition, "U+0007", record => record.Batch.Definitions[0].Name = "be\u0007ll"),
        ["control character in a unit"] = new(DecodeErrorCode.Definition, "U+0085", record => record.Batch.Definitions[0].Unit = "\u0085"),
        ["label without key"] = new(DecodeErrorCode.Definition, "label key", record => record.Batch.Definitions[0].Labels[""] = "x"),
        ["label too long"] = new(DecodeErrorCode.Definition, "label value", record => record.Batch.Definitions[0].Labels["x"] = new string('x', 257)),
        ["too many labels"] = new(DecodeErrorCode.Definition, "33 labels", record =>
        {
            for (int i = 0; i < 33; i++)
            {
                record.Batch.Definitions[0].Labels[$"{i}"] = "";
            }
        }),
        ["definition without ref"] = new(DecodeErrorCode.Definition, "ref", record => record.Batch.Definitions[0].Ref = 0),
        ["definition of an unknown kind"] = new(DecodeErrorCode.Definition, "kind 9", record => record.Batch.Definitions[0].Kind = (SeriesKind)9),
        ["definition twice"] = new(DecodeErrorCode.Definition, "definitions[1]", record => record.Batch.Definitions.Add(record.Batch.Definitions[0])),
        ["unknown clock"] = new(DecodeErrorCode.Clock, "state", record => record.Batch.Clock = new BatchClock()),
        ["boot id of a wrong length"] = new(DecodeErrorCode.Clock, "boot_id",
            record => record.Batch.Clock = new BatchClock { State = ClockState.Provisional, BootId = ByteString.CopyFrom(1) }),
        ["unknown encoding"] = new(DecodeErrorCode.UnknownEncoding, "encoding 3", record => record.CompressedBatch = new CompressedBatch { Encoding = (BatchEncoding)3 }),
        ["empty gzip"] = new(DecodeErrorCode.Compression, "gzip", record => record.CompressedBatch = new CompressedBatch { Encoding = BatchEncoding.Gzip }),
        ["empty Brotli"] = new(DecodeErrorCode.Compression, "Brotli", record => record.CompressedBatch = new CompressedBatch { Encoding = BatchEncoding.Brotli }),
        ["gzip of something else"] = new(DecodeErrorCode.Protobuf, "", record => record.MergeFrom(CompressedRecords.Compress("hello, world"u8.ToArray(), BatchEncoding.Gzip))),
        ["name that is not UTF-8"] = new(DecodeErrorCode.Definition, "U+FFFD", record =>
            record.CompressedBatch = CompressedRecords.Compress([0x1A, 0x08, 0x08, 0x01, 0x12, 0x02, 0xC3, 0x28, 0x28, 0x01], BatchEncoding.Gzip).CompressedBatch),
    };

    public static TheoryData<string> Rules => [.. Breaches.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_record_that_breaks_a_rule_is_refused_whole_with_the_place_and_the_cause(string rule)
    {
        Breach breach = Breaches[rule];
        Record record = Valid();
        breach.Break(record);
        DecodeError error = Codec.Refuse(record);
        Assert.Equal(breach.Code, error.Code);
        Assert.Contains(breach.Where, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_record_that_these_tests_break_is_valid()
    {
        var sink = new RecordingSink();
        Assert.True(new BatchDecoder(new DecodeLimits()).TryDecode(Valid(), sink, out DecodeError error), error.ToString());
        Assert.Equal(15, sink.Count);
    }

    [Fact]
    public void A_short_text_that_everything_refers_to_cannot_become_gigabytes()
    {
        var block = new SeriesBlock { Series = 1, Texts = new TextColumn { Texts = { new string('x', 1000) } } };
        block.Texts.Indices.Add(Enumerable.Repeat(0u, 50_000));
        var record = new Record { Readings = 50_000, Batch = new ReadingBatch { Times = { new TimeColumn { Count = 50_000 } }, Blocks = { block } } };
        Assert.Contains("texts", Codec.Refuse(record).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BatchEncoding.Gzip)]
    [InlineData(BatchEncoding.Brotli)]
    public void Compressed_bytes_are_refused_when_they_are_cut_or_followed_by_anything(BatchEncoding encoding)
    {
        byte[] data = CompressedRecords.Compress(Valid().Batch.ToByteArray(), encoding).CompressedBatch.Data.ToByteArray();
        Assert.True(new BatchDecoder(new DecodeLimits()).TryDecode(CompressedRecords.Of(data, encoding, 15), new RecordingSink(), out _));
        for (int length = 0; length < data.Length; length++)
        {
            Assert.Equal(DecodeErrorCode.Compression, Codec.Refuse(CompressedRecords.Of(data[..length], encoding, 15)).Code);
        }
        Assert.Equal(DecodeErrorCode.Compression, Codec.Refuse(CompressedRecords.Of([.. data, 0], encoding, 15)).Code);
    }

    /// <summary>What is otherwise right.</summary>
    private static Aggregate MakeAggregate(SeriesDefinition definition)
    {
        definition.Name = "one:min:1m";
        return definition.Aggregate = new Aggregate { Function = AggregateFunction.Minimum, WindowSeconds = 60, Of = "one" };
    }

    private static Record Valid()
    {
        var batch = new ReadingBatch
        {
            BaseTimeUnixNanoseconds = 1_700_000_000_000_000_000,
            Dictionary = 1,
            Definitions = { new SeriesDefinition { Ref = 1, Name = "one", Kind = SeriesKind.Number } },
            Times = { new TimeColumn { Count = 3, Step = 60 } },
            Blocks =
            {
                new SeriesBlock { Series = 1, Decimals = new DecimalColumn { Exponent = -1, Mantissas = { 1, 2, 3 } } },
                new SeriesBlock { Series = 2, Doubles = new DoubleColumn { Values = { 1, 2, 3 } } },
                new SeriesBlock { Series = 3, Booleans = new BooleanColumn { Count = 3, Bits = ByteString.CopyFrom(5) } },
                new SeriesBlock { Series = 4, Texts = new TextColumn { Texts = { "a", "b" }, Indices = { 0, 1, 0 } } },
                new SeriesBlock
                {
                    Series = 5,
                    Doubles = new DoubleColumn { Values = { 1, 2, 3 } },
                    Qualities =
                    {
                        new QualityRun { First = 0, Count = 1, Quality = Quality.Uncertain },
                        new QualityRun { First = 2, Count = 1, Quality = Quality.NoResponse },
                    },
                },
            },
        };
        return new Record { Readings = 15, Batch = batch };
    }

    private sealed record Breach(DecodeErrorCode Code, string Where, Action<Record> Break);
}
