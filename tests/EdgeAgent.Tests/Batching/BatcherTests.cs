using EdgeAgent.Batching;
using EdgeAgent.Processing;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Batching;

public sealed class BatcherTests
{
    [Fact]
    public async Task What_a_power_cut_would_cost_is_known_at_every_moment()
    {
        var time = new ManualTimeProvider();
        await using Pipeline pipeline = await new Pipeline(time: time).StartAsync();
        Series series = pipeline.Series("s");
        for (int i = 0; i < 3; i++)
        {
            await pipeline.WriteAsync(series, i);
        }
        await Eventually.TrueAsync(() => pipeline.Metrics.ReadingsAtRisk.Value == 3 && pipeline.Channel.Reader.Count == 0, TimeSpan.FromSeconds(20), "three are at risk");

        time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => pipeline.Metrics.LossWindow.Value == TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), "they are ten seconds old");
        time.Advance(TimeSpan.FromSeconds(50));
        await Eventually.TrueAsync(() => pipeline.Metrics.ReadingsAtRisk.Value == 0, TimeSpan.FromSeconds(20), "they are on disk");

        Assert.Equal(TimeSpan.Zero, pipeline.Metrics.LossWindow.Value);
        Assert.Equal(3, pipeline.Books().Readings);
    }

    [Fact]
    public async Task A_delivery_is_told_only_when_its_reading_is_committed_and_deliveries_are_told_in_order()
    {
        await using Pipeline pipeline = await new Pipeline().StartAsync();
        Series live = pipeline.Series("live");
        Series alarm = pipeline.Series("alarm", SpoolLane.Alarm);
        long readingsCommitted = 0;
        pipeline.Publisher.OnCommitted = token =>
        {
            // Both lanes are on disk through this message, and so is everything before it.
            Spool spool = pipeline.Slot.Current.Spool;
            readingsCommitted = Items(spool, SpoolLane.Live) + Items(spool, SpoolLane.Alarm);
            Assert.True(readingsCommitted > token, $"Message {token} was acknowledged with {readingsCommitted} readings on disk.");
        };

        for (int i = 0; i < 5_000; i++)
        {
            await pipeline.PublishAsync(i % 7 == 0 ? alarm : live, i, i);
        }
        await pipeline.Publisher.WaitForAsync(5_000);

        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => (long)i), pipeline.Publisher.All);
        Assert.Empty(pipeline.Publisher.Refused);
    }

    [Fact]
    public async Task Stopping_drains_what_is_in_the_channel_into_the_spool()
    {
        await using Pipeline pipeline = await new Pipeline().StartAsync();
        Series series = pipeline.Series("s");
        for (int i = 0; i < 25_000; i++)
        {
            await pipeline.WriteAsync(series, i);
        }

        await pipeline.StopBatcherAsync();

        Assert.Equal(Enumerable.Range(0, 25_000).Select(i => ("s", (double)i)), pipeline.Read());
        Assert.Equal(25_000, pipeline.Metrics.ReadingsBatched.Value);
        Assert.Equal(BatcherState.Ended, pipeline.Batcher.State);
    }

    [Fact]
    public async Task A_reading_nobody_waits_for_lies_in_memory_no_longer_than_the_maximum_age()
    {
        var time = new ManualTimeProvider();
        await using Pipeline pipeline = await new Pipeline(time: time, options: new BatchOptions { MaximumAge = TimeSpan.FromSeconds(60) }).StartAsync();
        await pipeline.WriteAsync(pipeline.Series("s"), 1);
        SpoolQueue queue = pipeline.Slot.Current.Spool[SpoolLane.Live];

        // The pump may be about to set its timer; every second gives it the next chance, and no second before the age is over closes.
        Task<bool> committed = queue.WaitForCommittedAsync(0).AsTask();
        for (int second = 0; second < 59; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(0ul, queue.Tail);
        while (!committed.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.True(await committed);
    }

    [Fact]
    public async Task A_message_whose_reading_is_left_out_is_acknowledged_after_the_one_that_it_repeats()
    {
        await using Pipeline pipeline = await new Pipeline(rules: new ReportRule { Deadband = 0 }).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 0);
        await pipeline.PublishAsync(series, 1, 1);
        await pipeline.Publisher.WaitForAsync(2);
        // Alone, with nothing to commit.
        await pipeline.PublishAsync(series, 1, 2);
        await pipeline.Publisher.WaitForAsync(3);

        Assert.Equal([0, 1, 2], pipeline.Publisher.All);
        Assert.Single(pipeline.Read());
        Assert.Equal(2, pipeline.Metrics.ReadingsSuppressed.Value);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_crash()
    {
        using var folder = new TemporaryFolder();
        await using var first = new Pipeline(folder);
        await first.StartAsync();
        Series series = first.Series("s");
        for (int i = 0; i < 1_000; i++)
        {
            await first.PublishAsync(series, i, i);
        }
        await first.Publisher.WaitForAsync(1_000);

        // The files as they are now, which is what a process that is killed leaves.
        using var crashed = new TemporaryFolder();
        CopyFolder(folder["spool"], crashed["spool"]);
        await using Pipeline second = await new Pipeline(crashed).StartAsync();

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => ("s", (double)i)), second.Read());
    }

    [Fact]
    public async Task Series_of_an_earlier_process_keep_their_names_when_this_one_numbers_them_otherwise()
    {
        using var folder = new TemporaryFolder();
        await using (Pipeline first = await new Pipeline(folder).StartAsync())
        {
            await first.WriteAsync(first.Series("a"), 1);
            await first.WriteAsync(first.Series("b"), 2);
        }
        await using Pipeline second = await new Pipeline(folder).StartAsync();
        await second.PublishAsync(second.Series("b"), 3, 0);
        await second.PublishAsync(second.Series("a"), 4, 1);
        await second.Publisher.WaitForAsync(2);

        // The decoder's sink fails where one reference of one dictionary gets two names.
        Assert.Equal([("a", 1), ("a", 4), ("b", 2), ("b", 3)], second.Read().Order());
    }

    [Fact]
    public async Task Readings_survive_the_change_of_segments_with_their_names()
    {
        var options = new BatchOptions { MaximumReadings = 5_000, Compression = Protocol.BatchCompression.None };
        await using Pipeline pipeline = await new Pipeline(options: options).StartAsync();
        Series[] series = [.. Enumerable.Range(0, 10).Select(i => pipeline.Series($"series-{i}"))];
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 150_000).Select(_ => random.NextDouble())];
        for (int i = 0; i < values.Length; i++)
        {
            await pipeline.WriteAsync(series[i % 10], values[i]);
        }
        await pipeline.StopBatcherAsync();

        Assert.True(pipeline.Slot.Current.Spool.Statistics.BytesOnDisk > 3 * (256 << 10));
        Assert.Equal(
            values.Select((value, i) => ($"series-{i % 10}", value)).Order(),
            pipeline.Read().Order());
    }

    private static long Items(Spool spool, SpoolLane lane)
    {
        long items = 0;
        using SpoolReader reader = spool[lane].OpenReader(1);
        while (reader.Read(out SpoolRecord record) == ReadResult.Record)
        {
            items += record.Items;
        }
        return items;
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
