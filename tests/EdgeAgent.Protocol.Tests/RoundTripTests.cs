using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Protocol.Tests;

public sealed class RoundTripTests
{
    [Fact]
    public void Every_reading_of_random_batches_comes_back_bit_for_bit_and_within_the_bound()
    {
        int start = Environment.TickCount;
        var encoder = new BatchEncoder();
        for (int seed = start; seed != unchecked(start + 300); seed = unchecked(seed + 1))
        {
            try
            {
                var batch = new RandomBatch(seed);
                batch.AddTo(encoder);
                TestSeries series = batch.Series;
                Assert.Equal(batch.Readings.Count, encoder.Count);
                int bound = encoder.MaximumBytes(series);
                // Seeds repeat references with other definitions, which a real catalog never does.
                encoder.ForgetDictionary();

                byte[] stored = Codec.Encode(encoder, series, (BatchCompression)(seed & 1));

                Assert.InRange(stored.Length, 1, bound);
                RecordingSink sink = Codec.Decode(stored);
                Dictionary<uint, SeriesReadings> expected = batch.Expected();
                Assert.Equal(expected.Keys.Order(), sink.Series.Keys.Order());
                Assert.All(expected, pair => Assert.Equal(pair.Value.Kind, sink.Series[pair.Key].Kind));
                Assert.All(expected, pair => Assert.Equal(pair.Value.Readings, sink.Series[pair.Key].Readings));
                Assert.Equal(expected.Keys.Order(), sink.Definitions.Select(named => named.Definition.Ref).Order());
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed} fails.", failure);
            }
        }
    }

    [Fact]
    public void Series_that_are_read_at_the_same_times_share_a_time_column()
    {
        var encoder = new BatchEncoder();
        for (int i = 0; i < 10; i++)
        {
            encoder.Add(1, SeriesKind.Number, i * 1_000_000_000L, i, null, Quality.Good);
            encoder.Add(2, SeriesKind.Number, i * 1_000_000_000L, -i, null, Quality.Good);
            encoder.Add(3, SeriesKind.Number, (i * 1_000_000_000L) + 1, i, null, Quality.Good);
        }
        ReadingBatch batch = Record.Parser.ParseFrom(Codec.Encode(encoder, new TestSeries())).Batch;
        Assert.Equal(2, batch.Times.Count);
        Assert.Equal([0u, 0u, 1u], batch.Blocks.Select(block => block.Times));
        Assert.All(batch.Times, times => Assert.Empty(times.Deviations));
    }

    [Fact]
    public void Odd_values_among_decimals_become_exceptions_and_leave_the_others_short()
    {
        var encoder = new BatchEncoder();
        for (int i = 0; i < 100; i++)
        {
            encoder.Add(1, SeriesKind.Number, i * 1_000_000_000L, i == 50 ? -0.0 : i == 70 ? 22.0666666666667 : 20 + (i % 3 / 10.0), null, Quality.Good);
        }
        DecimalColumn column = Record.Parser.ParseFrom(Codec.Encode(encoder, new TestSeries())).Batch.Blocks[0].Decimals;
        Assert.Equal(-1, column.Exponent);
        Assert.Equal([50u, 20u], column.ExceptionPositions);
        Assert.Equal([-0.0, 22.0666666666667], column.ExceptionValues);
    }

    [Fact]
    public void Numbers_without_short_decimals_travel_as_doubles()
    {
        var encoder = new BatchEncoder();
        for (int i = 0; i < 100; i++)
        {
            encoder.Add(1, SeriesKind.Number, i, Math.Sin(i + 1) * 1e-30, null, Quality.Good);
        }
        SeriesBlock block = Record.Parser.ParseFrom(Codec.Encode(encoder, new TestSeries())).Batch.Blocks[0];
        Assert.Equal(SeriesBlock.ValuesOneofCase.Doubles, block.ValuesCase);
    }

    [Fact]
    public void A_tiny_batch_is_stored_plain_and_a_larger_one_compressed_where_that_is_smaller()
    {
        var encoder = new BatchEncoder();
        var series = new TestSeries();
        encoder.Add(1, SeriesKind.Number, 0, 21.5, null, Quality.Good);
        Assert.Equal(Record.ContentOneofCase.Batch, Record.Parser.ParseFrom(Codec.Encode(encoder, series, BatchCompression.Gzip)).ContentCase);

        for (int i = 0; i < 1000; i++)
        {
            encoder.Add(1, SeriesKind.Number, i * 1_000_000_000L, 21.5, null, Quality.Good);
        }
        Record record = Record.Parser.ParseFrom(Codec.Encode(encoder, series, BatchCompression.Gzip));
        Assert.Equal(BatchEncoding.Gzip, record.CompressedBatch.Encoding);

        var random = new Random(1);
        for (int i = 0; i < 1000; i++)
        {
            encoder.Add(1, SeriesKind.Number, i, BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)), null, Quality.Good);
        }
        Assert.Equal(Record.ContentOneofCase.Batch, Record.Parser.ParseFrom(Codec.Encode(encoder, series, BatchCompression.Gzip)).ContentCase);
    }

    [Fact]
    public void The_clock_of_a_batch_reaches_the_reader_and_does_not_outlive_its_record()
    {
        var clock = new BatchClock { State = ClockState.Provisional, BootId = ByteString.CopyFrom(new byte[16]), BootTimeNanoseconds = 5_000_000_000 };
        var encoder = new BatchEncoder();
        encoder.Add(1, SeriesKind.Number, 7, 1, null, Quality.Good);
        Record provisional = Record.Parser.ParseFrom(Codec.Encode(encoder, new TestSeries(), clock: clock));
        encoder.Add(1, SeriesKind.Number, 7, 1, null, Quality.Good);
        Record right = Record.Parser.ParseFrom(Codec.Encode(encoder, new TestSeries()));
        var decoder = new BatchDecoder(new DecodeLimits());

        Assert.True(decoder.TryDecode(provisional, new RecordingSink(), out _));
        Assert.Equal(clock, decoder.Clock);
        Assert.True(decoder.TryDecode(right, new RecordingSink(), out _));
        Assert.Null(decoder.Clock);
    }

    [Fact]
    public void A_series_cannot_change_its_kind_within_a_batch()
    {
        var encoder = new BatchEncoder();
        encoder.Add(1, SeriesKind.Number, 0, 1, null, Quality.Good);
        Assert.Throws<ArgumentException>(() => encoder.Add(1, SeriesKind.Text, 0, 0, "x", Quality.Good));
        Assert.Throws<ArgumentNullException>(() => encoder.Add(2, SeriesKind.Text, 0, 0, null, Quality.Good));
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Add(0, SeriesKind.Number, 0, 0, null, Quality.Good));
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Add(uint.MaxValue, SeriesKind.Number, 0, 0, null, Quality.Good));
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Add(3, SeriesKind.Unspecified, 0, 0, null, Quality.Good));
    }
}
