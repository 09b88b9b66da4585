using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Tests.Thinning;

/// <summary>Computed by hand.</summary>
public sealed class AggregateTests
{
    // 2026-01-01T00:00:00Z.
    private const long Start = 1_767_225_600_000_000_000;

    private static readonly string[] All = ["min", "max", "mean", "count", "last", "failed"];

    [Fact]
    public void Numbers_become_minimum_maximum_mean_count_and_last()
    {
        ThinnedRecords thinned = RecordedRun.Thin(1, Temperatures(21.5, 21.7, -3.25, 22, 21.6, 21.4, 21.4, 21.4, 21.4, 21.45, 21.4, 21.3));

        // 233.3 / 12 is 19.44166…; the mean has one place more than -3.25.
        Assert.Equal([-3.25, 22.0, 19.442, 12.0, 21.3, null], thinned.Only("t", "1m", All));
        Assert.All(thinned.Entries.Values, entries => Assert.Equal(Start, entries.Single().Time));
        Assert.Equal(0, thinned.Readings);
        Assert.Equal(5, thinned.Aggregates);
    }

    [Fact]
    public void Numbers_below_zero_and_huge_ones_have_their_mean()
    {
        Assert.Equal([-9.0, -1.0, -4.6, 12.0, -3.0, null], RecordedRun.Thin(1, Temperatures(-1, -9, -4, -5, -6, -4, -4, -4, -6, -5, -4.2, -3)).Only("t", "1m", All));
        Assert.Equal(double.MaxValue, RecordedRun.Thin(1, Temperatures([.. Enumerable.Repeat(double.MaxValue, 12)])).Only("t", "1m", "mean").Single());
        double half = (double)RecordedRun.Thin(1, Temperatures([.. Enumerable.Repeat(1e308, 6), .. Enumerable.Repeat(1.6e308, 6)])).Only("t", "1m", "mean").Single()!;
        Assert.Equal(1.3e308, half, 1e305);
    }

    [Fact]
    public void NaN_and_infinities_have_no_part_but_are_counted_with_the_failed_reads()
    {
        ThinnedRecords thinned = RecordedRun.Thin(
            1, Temperatures(double.NaN, 1, 2, double.PositiveInfinity, 3, 2, 2, 2, 2, 2, double.NegativeInfinity, double.NaN));
        Assert.Equal([1.0, 3.0, 2.0, 8.0, 2.0, 4.0], thinned.Only("t", "1m", All));
    }

    [Fact]
    public void Failed_reads_are_counted_apart_and_a_window_of_nothing_else_says_why()
    {
        var batch = new TestBatch();
        for (int i = 0; i < 12; i++)
        {
            batch.Number("t", At(i), 1, i < 3 ? Quality.Checksum : Quality.Good);
            batch.Number("dead", At(i), 0, i == 11 ? Quality.NoResponse : Quality.NotReady);
        }
        ThinnedRecords thinned = RecordedRun.Thin(1, batch.Close());

        Assert.Equal([1.0, 1.0, 1.0, 9.0, 1.0, 3.0], thinned.Only("t", "1m", All));
        Assert.Equal([null, null, null, 0.0, null, 12.0], thinned.Only("dead", "1m", All));
        Assert.All(new[] { "min", "max", "mean", "last" }, function => Assert.Equal(Quality.NoResponse, thinned[$"dead:{function}:1m"].Single().Quality));
    }

    [Fact]
    public void A_doubtful_value_takes_part_and_makes_what_it_is_in_doubtful()
    {
        var batch = new TestBatch();
        for (int i = 0; i < 12; i++)
        {
            batch.Number("t", At(i), i, i == 5 ? Quality.Uncertain : Quality.Good);
        }
        ThinnedRecords thinned = RecordedRun.Thin(1, batch.Close());
        Assert.All(new[] { "min", "max", "mean" }, function => Assert.Equal(Quality.Uncertain, thinned[$"t:{function}:1m"].Single().Quality));
        Assert.Equal(new Entry(Start, 11.0), thinned["t:last:1m"].Single());
        Assert.Equal(new Entry(Start, 12.0), thinned["t:count:1m"].Single());
    }

    [Fact]
    public void Booleans_become_the_share_of_true_count_and_last_and_texts_count_and_last()
    {
        var batch = new TestBatch();
        for (int i = 0; i < 12; i++)
        {
            batch.Boolean("door", At(i), i < 4);
            batch.Text("state", At(i), i < 11 ? "running" : "idle");
        }
        ThinnedRecords thinned = RecordedRun.Thin(1, batch.Close());
        Assert.Equal([null, null, 0.3333, 12.0, false, null], thinned.Only("door", "1m", All));
        Assert.Equal([null, null, null, 12.0, "idle", null], thinned.Only("state", "1m", All));
    }

    [Fact]
    public void Five_readings_of_a_window_stay_as_they_are_and_six_do_not()
    {
        var batch = new TestBatch();
        for (int i = 0; i < 120; i++)
        {
            batch.Number("fast", Start + TestBatch.Seconds(i), i);
        }
        for (int i = 0; i < 11; i++)
        {
            // Five in the first minute, six in the second.
            batch.Number("slow", Start + TestBatch.Seconds(i < 5 ? i * 10 : 60 + (i - 5)), i, i == 2 ? Quality.NoResponse : Quality.Good);
        }
        ThinnedRecords thinned = RecordedRun.Thin(1, batch.Close());

        Assert.Equal(
            [new(At(0), 0.0), new(At(5), 1.0), new(At(10), null, Quality.NoResponse), new(At(15), 3.0), new(At(20), 4.0)],
            thinned["slow"]);
        Assert.Equal(new Entry(Start + TestBatch.Seconds(60), 6.0), thinned["slow:count:1m"].Single());
        Assert.Equal(5, thinned.Readings);
    }

    [Fact]
    public void A_window_begins_with_its_minute_and_ends_before_the_next()
    {
        long minute = TestBatch.Seconds(60);
        var batch = new TestBatch();
        foreach (long edge in new[] { -1, 0, minute - 1, minute })
        {
            for (int i = 0; i < 12; i++)
            {
                // The one before 1970 too.
                batch.Number("now", Start + edge, 1).Number("early", -minute + edge, 1);
            }
        }
        ThinnedRecords thinned = RecordedRun.Thin(1, batch.Close());
        Assert.Equal([new(Start - minute, 12.0), new(Start, 24.0), new(Start + minute, 12.0)], thinned["now:count:1m"]);
        Assert.Equal([new(-2 * minute, 12.0), new(-minute, 24.0), new(0, 12.0)], thinned["early:count:1m"]);
    }

    [Fact]
    public void The_hour_that_summer_time_repeats_is_two_hours_as_windows_are_of_UTC()
    {
        // 2026-10-25, 00:30Z and 01:30Z: both 02:30 in Berlin.
        long first = 1_792_888_200_000_000_000;
        var batch = new TestBatch();
        for (int i = 0; i < 12; i++)
        {
            batch.Number("t", first + TestBatch.Seconds(i), 1).Number("t", first + TestBatch.Seconds(3_600 + i), 2);
        }
        Assert.Equal([new(first, 1.0), new(first + TestBatch.Seconds(3_600), 2.0)], RecordedRun.Thin(1, batch.Close())["t:mean:1m"]);
    }

    [Fact]
    public void The_ends_of_time_have_windows_too()
    {
        var batch = new TestBatch();
        for (int i = 0; i < 12; i++)
        {
            batch.Number("t", long.MinValue + i, 1).Number("t", long.MaxValue - i, 2);
        }
        ThinnedRecords thinned = RecordedRun.Thin(1, batch.Close());
        Assert.Equal([long.MinValue, 9_223_372_020_000_000_000], thinned["t:count:1m"].Select(entry => entry.Time));
        Assert.Equal([12.0, 12.0], thinned["t:count:1m"].Select(entry => entry.Value));
    }

    [Fact]
    public void A_window_that_two_batches_share_is_one_window_in_whatever_order_they_come()
    {
        var batch = new TestBatch();
        byte[][] records = [.. Enumerable.Range(0, 12).Select(i => batch.Number("t", At(i), i).Number("t", At(i) + 1, i).Close())];
        // The first one names the series.
        ThinnedRecords thinned = RecordedRun.Thin(1, [records[0], .. records[1..].Reverse()]);
        Assert.Equal([0.0, 11.0, 5.5, 24.0, 11.0, null], thinned.Only("t", "1m", All));
    }

    [Fact]
    public void Minutes_become_a_quarter_of_an_hour_and_readings_that_had_stayed_join_them()
    {
        var batch = new TestBatch();
        for (int i = 0; i < 900; i++)
        {
            batch.Number("t", Start + TestBatch.Seconds(i), i).Boolean("door", Start + TestBatch.Seconds(i), i % 3 == 0)
                .Text("state", Start + TestBatch.Seconds(i), i < 899 ? "running" : "idle");
            if (i % 60 == 30)
            {
                batch.Number("slow", Start + TestBatch.Seconds(i), i);
            }
        }
        ThinnedRecords minutes = RecordedRun.Thin(1, batch.Close());
        Assert.Equal(15, minutes.Readings);
        ThinnedRecords quarters = RecordedRun.Thin(2, minutes.Records);

        Assert.Equal([0.0, 899.0, 449.5, 900.0, 899.0, null], quarters.Only("t", "15m", All));
        Assert.Equal([null, null, 0.3333, 900.0, false, null], quarters.Only("door", "15m", All));
        Assert.Equal([null, null, null, 900.0, "idle", null], quarters.Only("state", "15m", All));
        Assert.Equal([30.0, 870.0, 450.0, 15.0, 870.0, null], quarters.Only("slow", "15m", All));
        Assert.Equal(0, quarters.Readings);
        Assert.DoesNotContain(quarters.Entries.Keys, name => name.EndsWith(":1m", StringComparison.Ordinal));
    }

    [Fact]
    public void Windows_that_nothing_can_take_apart_stay_when_a_shorter_length_is_asked_for()
    {
        ThinnedRecords quarters = RecordedRun.Thin(2, Temperatures([.. Enumerable.Range(0, 30).Select(i => (double)i)]));
        var batch = new TestBatch();
        for (int i = 0; i < 60; i++)
        {
            batch.Number("t", Start + TestBatch.Seconds(i), i);
        }
        ThinnedRecords both = RecordedRun.Thin(1, [.. quarters.Records, batch.Close(dictionary: 2)]);
        Assert.Equal(60.0, both["t:count:1m"].Single().Value);
        Assert.Equal(30.0, both["t:count:15m"].Single().Value);
    }

    [Fact]
    public void Each_aggregate_says_what_it_is_of_and_has_the_unit_and_the_labels_of_its_series()
    {
        ThinnedRecords thinned = RecordedRun.Thin(1, Temperatures([.. Enumerable.Repeat(1.0, 12)]));
        Assert.Equal(
            [("t:count:1m", ""), ("t:last:1m", "Cel"), ("t:max:1m", "Cel"), ("t:mean:1m", "Cel"), ("t:min:1m", "Cel")],
            thinned.Definitions.Select(definition => (definition.Name, definition.Unit)).Order());
        Assert.All(thinned.Definitions, definition =>
        {
            Assert.Equal(("t", 60u), (definition.Aggregate.Of, definition.Aggregate.WindowSeconds));
            Assert.Equal("2.17", definition.Labels["room"]);
            // Windows come when the device thins, not at a rate.
            Assert.Equal(0u, definition.ExpectedIntervalMilliseconds);
        });
        Assert.Equal([77ul | (1ul << 56)], thinned.Dictionaries);
    }

    [Fact]
    public void Readings_that_stay_are_expected_as_often_as_before()
    {
        var batch = new TestBatch();
        for (int i = 0; i < 60; i++)
        {
            batch.Number("t", Start + TestBatch.Seconds(i), i);
        }
        ThinnedRecords thinned = RecordedRun.Thin(1, [batch.Number("s", Start, 1).Close()]);

        SeriesDefinition kept = Assert.Single(thinned.Definitions, definition => definition.Aggregate is null);
        Assert.Equal(10_000u, kept.ExpectedIntervalMilliseconds);
    }

    [Fact]
    public void Provisional_times_keep_their_clock_and_can_be_corrected_by_one_number()
    {
        var clock = new BatchClock { State = ClockState.Provisional, BootId = Google.Protobuf.ByteString.CopyFrom(new byte[16]), BootTimeNanoseconds = 5 };
        var batch = new TestBatch();
        var records = new List<byte[]>();
        for (int i = 0; i < 12; i++)
        {
            batch.Number("t", At(i) + 500, i);
        }
        records.Add(batch.Close(clock: clock));
        for (int i = 0; i < 12; i++)
        {
            batch.Number("t", At(i), i);
        }
        records.Add(batch.Close());
        ThinnedRecords thinned = RecordedRun.Thin(1, records);

        // What the right clock and what the other one gave are two entries, in two records.
        Assert.Equal([12.0, 12.0], thinned["t:count:1m"].Select(entry => entry.Value));
        Assert.Equal([null, ClockState.Provisional], thinned.Clocks.Select(found => found?.State));
        Assert.Equal(Start + 500 - 5, thinned.BaseTimes[1] - thinned.Clocks[1]!.BootTimeNanoseconds);
    }

    /// <summary>Two seconds from one reading to the next: thirty fit into the first minute.</summary>
    private static long At(int i) => Start + TestBatch.Seconds(i * 2);

    private static byte[] Temperatures(params double[] values)
    {
        var batch = new TestBatch();
        for (int i = 0; i < values.Length; i++)
        {
            batch.Number("t", At(i), values[i]);
        }
        return batch.Close();
    }
}
