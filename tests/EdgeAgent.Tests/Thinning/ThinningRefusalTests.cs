using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Thinning;

namespace EdgeAgent.Tests.Thinning;

/// <summary>What is not thinned, and leaves no trace.</summary>
public sealed class ThinningRefusalTests
{
    [Fact]
    public void Readings_once_a_minute_are_not_worth_thinning_to_minutes()
    {
        var batch = new TestBatch();
        for (int i = 0; i < 600; i++)
        {
            batch.Number("t", TestBatch.Seconds(i * 60), i);
        }
        byte[] record = batch.Close();
        AssertNothing(ThinningOutcome.NotSmaller, 1, new ThinningLimits(), record);
        Assert.Equal(40 * 5, RecordedRun.Thin(2, record).Aggregates);
    }

    [Fact]
    public void More_windows_texts_or_readings_than_memory_is_granted_for_are_left_alone()
    {
        byte[] minutes = Minutes(100);
        AssertNothing(ThinningOutcome.TooMuchAtOnce, 1, new ThinningLimits { Windows = 99 }, minutes);
        AssertNothing(ThinningOutcome.TooMuchAtOnce, 1, new ThinningLimits { HeldReadings = 4 }, minutes);

        var batch = new TestBatch();
        for (int i = 0; i < 60; i++)
        {
            batch.Text("t", TestBatch.Seconds(i), $"text {i}");
        }
        AssertNothing(ThinningOutcome.TooMuchAtOnce, 1, new ThinningLimits { TextCharacters = 300 }, batch.Close());
    }

    [Fact]
    public void Records_of_more_windows_than_memory_is_granted_for_are_thinned_in_parts_that_add_up_at_both_levels()
    {
        var batch = new TestBatch();
        List<byte[]> records = [];
        for (int second = 0; second < 3_600; second++)
        {
            batch.Number("a", TestBatch.Seconds(second), second % 10).Number("b", TestBatch.Seconds(second), second);
            if (second % 90 == 89)
            {
                records.Add(batch.Close());
            }
        }
        var limits = new ThinningLimits { Windows = 20 };
        foreach ((int level, string window) in new[] { (1, "1m"), (2, "15m") })
        {
            var run = new RecordedRun(77, records);
            Assert.Equal(ThinningOutcome.Thinned, new ReadingThinner(BatchCompression.Gzip, limits).Thin(level, run));
            var thinned = new ThinnedRecords(run.Appended);
            foreach (string series in new[] { "a", "b" })
            {
                double[] counts = [.. thinned[$"{series}:count:{window}"].Select(entry => (double)entry.Value!)];
                double[] means = [.. thinned[$"{series}:mean:{window}"].Select(entry => (double)entry.Value!)];
                Assert.Equal(3_600, counts.Sum());
                // A mean is rounded to one place more than its readings have, at each level.
                Assert.Equal(series == "a" ? 4.5 : 1_799.5, counts.Zip(means, static (count, mean) => count * mean).Sum() / 3_600, 0.1);
                Assert.Equal(series == "a" ? 9 : 3_599, thinned[$"{series}:max:{window}"].Max(entry => (double)entry.Value!));
            }
            records = run.Appended;
        }
    }

    [Fact]
    public void What_is_granted_suffices_for_what_just_fits()
    {
        var run = new RecordedRun(1, [Minutes(100)]);
        Assert.Equal(
            ThinningOutcome.Thinned,
            new ReadingThinner(BatchCompression.None, new ThinningLimits { Windows = 100, HeldReadings = 5 }).Thin(1, run));
    }

    [Fact]
    public void A_spool_that_takes_no_more_ends_the_run()
    {
        var run = new RecordedRun(1, [Minutes(100)]) { Room = 0 };
        Assert.Equal(ThinningOutcome.Full, new ReadingThinner(BatchCompression.None).Thin(1, run));
    }

    [Fact]
    public void A_damaged_record_throws_one_named_exception_whatever_the_damage()
    {
        byte[] raw = Minutes(3);
        byte[] aggregates = RecordedRun.Thin(1, Minutes(30)).Records.Single();
        int refused = 0;
        foreach (byte[] good in new[] { raw, aggregates, Plain(raw), Plain(aggregates) })
        {
            for (int seed = 0; seed < 2_000; seed++)
            {
                var random = new Random(seed);
                byte[] damaged = [.. good];
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                }
                var run = new RecordedRun(1, [random.Next(4) == 0 ? damaged[..random.Next(damaged.Length)] : damaged]);
                try
                {
                    new ReadingThinner(BatchCompression.None).Thin(2, run);
                }
                catch (ThinningRefusedException refusal)
                {
                    Assert.NotEmpty(refusal.Message);
                    Assert.Empty(run.Appended);
                    refused++;
                }
            }
        }
        Assert.InRange(refused, 1_000, 8_000);
    }

    [Fact]
    public void Readings_of_a_series_that_nobody_named_are_refused()
    {
        var batch = new TestBatch();
        batch.Number("t", 0, 1).Close();
        byte[] unnamed = batch.Number("t", 1, 1).Close();
        Assert.Throws<ThinningRefusedException>(() => RecordedRun.Thin(1, unnamed));
    }

    [Fact]
    public void A_series_that_changed_its_kind_is_refused_as_its_aggregates_would_have_one_name_for_two_things()
    {
        byte[] number = new TestBatch().Number("t", 0, 1).Close(dictionary: 1);
        byte[] text = new TestBatch().Text("t", 0, "on").Close(dictionary: 2);
        Assert.Contains("t changed its kind", Assert.Throws<ThinningRefusedException>(() => RecordedRun.Thin(1, number, text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_series_that_changed_its_unit_is_refused_as_no_mean_can_be_of_both()
    {
        byte[] celsius = new TestBatch().Number("t", 0, 20).Close(dictionary: 1);
        byte[] percent = new TestBatch("%").Number("t", 0, 40).Close(dictionary: 2);
        Assert.Contains("t changed its unit", Assert.Throws<ThinningRefusedException>(() => RecordedRun.Thin(1, celsius, percent)).Message, StringComparison.Ordinal);
    }

    private static void AssertNothing(ThinningOutcome expected, int level, ThinningLimits limits, params byte[][] records)
    {
        var run = new RecordedRun(1, records);
        Assert.Equal(expected, new ReadingThinner(BatchCompression.Gzip, limits).Thin(level, run));
        Assert.Empty(run.Appended);
    }

    /// <summary>A reading a second of one series, for so many minutes.</summary>
    private static byte[] Minutes(int minutes)
    {
        var batch = new TestBatch();
        for (int i = 0; i < minutes * 60; i++)
        {
            batch.Number("t", TestBatch.Seconds(i), i % 100 / 10.0, i % 7 == 0 ? Quality.Uncertain : Quality.Good);
        }
        return batch.Close();
    }

    /// <summary>The same without compression, so that damage reaches the columns.</summary>
    private static byte[] Plain(byte[] stored)
    {
        Protocol.V1.Record record = Protocol.V1.Record.Parser.ParseFrom(stored);
        using var data = new System.IO.Compression.GZipStream(new MemoryStream(record.CompressedBatch.Data.ToByteArray()), System.IO.Compression.CompressionMode.Decompress);
        record.Batch = ReadingBatch.Parser.ParseFrom(data);
        return Google.Protobuf.MessageExtensions.ToByteArray(record);
    }
}
