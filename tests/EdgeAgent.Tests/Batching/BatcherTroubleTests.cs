using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Batching;

/// <summary>Spools that are full and disks that fail.</summary>
public sealed class BatcherTroubleTests
{
    /// <summary>A free-space floor that no disk has.</summary>
    private const long NoRoom = long.MaxValue / 2;

    private static readonly BatchOptions Uncompressed = new() { Compression = Protocol.BatchCompression.None, MaximumReadings = 5_000 };

    [Fact]
    public async Task A_full_spool_holds_the_sources_back_and_goes_on_by_itself_when_there_is_room()
    {
        SpoolOptions? spool = null;
        await using Pipeline pipeline = await new Pipeline(spool: options => (spool = options).FreeSpaceFloor = NoRoom).StartAsync();
        Series series = pipeline.Series("s");
        Task publishing = PublishRandomAsync(pipeline, series, 30_000);
        await pipeline.UntilAsync(BatcherState.Held);
        Assert.False(publishing.IsCompleted);

        spool!.FreeSpaceFloor = 0;
        await publishing.WaitAsync(TimeSpan.FromSeconds(20));
        await pipeline.PublishAsync(series, 0, 1);
        await pipeline.Publisher.WaitForAsync(1);

        Assert.Equal([1], pipeline.Publisher.All);
        Assert.Equal(1, pipeline.Metrics.BatcherHeld.Value);
        Assert.Equal(30_001, pipeline.Read().Count);
        Assert.Equal(0, pipeline.Metrics.ReadingsDropped.Sum);
    }

    [Fact]
    public async Task What_a_full_spool_drops_is_counted_to_the_last_reading()
    {
        await using Pipeline pipeline = await new Pipeline(options: Uncompressed).StartAsync();
        Series series = pipeline.Series("s");
        const int readings = 600_000;

        await PublishRandomAsync(pipeline, series, readings);
        await pipeline.PublishAsync(series, 0, 1);
        await pipeline.Publisher.WaitForAsync(1);
        // The watch looks whenever the batcher has read, so one more reading after the last drop.
        await pipeline.PublishAsync(series, 0, 2);
        await pipeline.Publisher.WaitForAsync(2);

        Spool spool = pipeline.Slot.Current.Spool;
        using SpoolReader reader = spool[SpoolLane.Live].OpenReader(1);
        Assert.Equal(ReadResult.Gap, reader.Read(out _));
        Assert.Equal(LossCause.Evicted, reader.Gap.Cause);
        Assert.Equal(reader.Gap.Items, (ulong)pipeline.Metrics.ReadingsEvicted.Value);
        long left = 0;
        while (reader.Read(out SpoolRecord record) == ReadResult.Record)
        {
            left += record.Items;
        }
        Assert.Equal(readings + 2, left + pipeline.Metrics.ReadingsEvicted.Value);
    }

    [Fact]
    public async Task A_stop_while_the_spool_takes_nothing_tells_who_waits_and_enters_in_the_ledger_what_is_lost()
    {
        await using Pipeline pipeline = await new Pipeline(spool: options => options.FreeSpaceFloor = NoRoom).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.WriteAsync(series, 0);
        await pipeline.PublishAsync(series, 1, 1);
        await pipeline.UntilAsync(BatcherState.Held);
        // These are still in the channel when the end comes.
        await pipeline.WriteAsync(series, 0);
        await pipeline.WriteAsync(series, 0);
        await pipeline.PublishAsync(series, 2, 2);

        await pipeline.StopBatcherAsync();

        // What a publisher waits for it still has, so that is not lost.
        Assert.Equal([1, 2], pipeline.Publisher.Refused.Order());
        Assert.Empty(pipeline.Publisher.All);
        Assert.Equal(3, pipeline.Metrics.ReadingsDropped[DropCause.SpoolRefused]);
        Assert.Equal((0, 3), (pipeline.Books().Readings, pipeline.Books().Lost(LossCause.DiskFull)));
    }

    [Fact]
    public async Task What_polled_sensors_lose_while_the_spool_is_full_is_in_the_ledger_before_there_is_room_and_to_the_last_one_after()
    {
        SpoolOptions? spool = null;
        await using Pipeline pipeline = await new Pipeline(spool: options => (spool = options).FreeSpaceFloor = NoRoom).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 1);
        await pipeline.UntilAsync(BatcherState.Held);
        const int polled = 2 * ReadingChannel.DefaultCapacity;
        int lost = Enumerable.Range(0, polled).Count(value => !pipeline.Poll(series, value));
        Assert.Equal(ReadingChannel.DefaultCapacity, lost);
        await Eventually.TrueAsync(
            () => pipeline.Books().Lost(LossCause.DiskFull) == lost, TimeSpan.FromSeconds(20), () => $"{lost} are told; {pipeline.Books().Total} are");
        Assert.Equal(1, pipeline.Metrics.SpoolAlarm.Value);

        lost += pipeline.Poll(series, 0) ? 0 : 1;
        spool!.FreeSpaceFloor = 0;
        await pipeline.Publisher.WaitForAsync(1);
        await pipeline.StopBatcherAsync();

        Assert.Equal([1], pipeline.Publisher.All);
        Assert.Equal((lost, polled + 2), (pipeline.Books().Lost(LossCause.DiskFull), pipeline.Books().Total));
        Assert.Equal(lost, pipeline.Metrics.ReadingsDropped.Sum);
        Assert.Equal(0, pipeline.Metrics.SpoolAlarm.Value);
    }

    [Fact]
    public async Task What_comes_faster_than_it_can_be_taken_is_told_as_an_overflow()
    {
        await using Pipeline pipeline = new();
        Series live = pipeline.Series("s"), alarm = pipeline.Series("a", SpoolLane.Alarm);
        // Before anybody reads the channel, so that it is full for sure.
        int lost = Enumerable.Range(0, ReadingChannel.DefaultCapacity + 10).Count(value => !pipeline.Poll(live, value));
        Assert.False(pipeline.Poll(alarm, 1));
        await pipeline.StartAsync();

        await pipeline.StopBatcherAsync();

        Assert.Equal((10, ReadingChannel.DefaultCapacity), (lost, pipeline.Books().Readings));
        Assert.Equal(10, pipeline.Books().Lost(LossCause.Overflow));
        Assert.Equal((0, 1), (pipeline.Books(SpoolLane.Alarm).Readings, pipeline.Books(SpoolLane.Alarm).Lost(LossCause.Overflow)));
    }

    [Fact]
    public async Task A_spool_that_cannot_be_opened_at_the_start_is_opened_by_itself_as_soon_as_it_can()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["spool"], "This is where the folder should be.");
        await using Pipeline pipeline = await new Pipeline(folder).StartAsync();
        Series series = pipeline.Series("s");
        Assert.Equal((BatcherState.Reopening, 1), (pipeline.Batcher.State, pipeline.Metrics.SpoolAlarm.Value));
        await pipeline.PublishAsync(series, 1, 1);
        int lost = Enumerable.Range(0, 10_000).Count(value => !pipeline.Poll(series, value));

        File.Delete(folder["spool"]);
        await pipeline.Publisher.WaitForAsync(1);
        await pipeline.StopBatcherAsync();

        Assert.Equal([1], pipeline.Publisher.All);
        Assert.Equal((10_001 - lost, lost), (pipeline.Books().Readings, pipeline.Books().Lost(LossCause.DiskFull)));
    }

    [Fact]
    public async Task A_spool_that_another_process_holds_is_taken_over_when_that_lets_go_of_it()
    {
        using var folder = new TemporaryFolder();
        await using Pipeline first = await new Pipeline(folder).StartAsync();
        await using Pipeline second = await new Pipeline(folder).StartAsync();
        Assert.IsType<SpoolInUseException>(second.Slot.Obstacle);
        await second.PublishAsync(second.Series("s"), 2, 1);

        await first.PublishAsync(first.Series("s"), 1, 1);
        await first.Publisher.WaitForAsync(1);
        await first.DisposeAsync();
        await second.Publisher.WaitForAsync(1);

        Assert.Equal([1.0, 2.0], second.Read().Select(reading => reading.Value));
    }

    [Fact]
    public async Task An_agent_that_never_had_a_spool_stops_in_order_and_counts_what_it_held()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["spool"], "This is where the folder should be.");
        await using Pipeline pipeline = await new Pipeline(folder).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 1);
        await pipeline.WriteAsync(series, 2);

        await pipeline.StopBatcherAsync();

        Assert.Equal(BatcherState.Ended, pipeline.Batcher.State);
        Assert.Equal([1], pipeline.Publisher.Refused);
        Assert.Equal(1, pipeline.Metrics.ReadingsDropped[DropCause.SpoolRefused]);
    }

    [Fact]
    public async Task A_folder_that_is_moved_away_for_a_while_has_everything_when_it_is_back()
    {
        using var folder = new TemporaryFolder();
        await using (Pipeline pipeline = await new Pipeline(folder).StartAsync())
        {
            Series series = pipeline.Series("s");
            await pipeline.PublishAsync(series, 1, 1);
            await pipeline.Publisher.WaitForAsync(1);
            Directory.Move(folder["spool"], folder["away"]);
            await pipeline.PublishAsync(series, 2, 2);
            await pipeline.Publisher.WaitForAsync(2);
            Directory.Move(folder["away"], folder["spool"]);
            await pipeline.PublishAsync(series, 3, 3);
            await pipeline.Publisher.WaitForAsync(3);
        }

        await using Pipeline next = await new Pipeline(folder).StartAsync();

        Assert.Equal([1.0, 2.0, 3.0], next.Read().Select(reading => reading.Value));
    }

    [Fact]
    public async Task A_spool_whose_folder_was_lost_is_made_anew_and_what_was_not_acknowledged_goes_there()
    {
        await using Pipeline pipeline = await new Pipeline(options: Uncompressed).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 1);
        await pipeline.Publisher.WaitForAsync(1);
        Guid lost = pipeline.Slot.Current.Spool.Id;
        Directory.Delete(pipeline.Folder["spool"], recursive: true);

        // Enough for the segment that is still open and for one that cannot be made.
        await PublishRandomAsync(pipeline, series, 200_000);
        await pipeline.PublishAsync(series, 2, 2);
        await pipeline.Publisher.WaitForAsync(2);

        Assert.Equal([1, 2], pipeline.Publisher.All);
        Assert.NotEqual(lost, pipeline.Slot.Current.Spool.Id);
        Assert.True(pipeline.Metrics.SpoolFailures.Value >= 1);
        // Readable, so the names went along, and without a hole up to the end.
        Assert.Equal(2, pipeline.Read()[^1].Value);
        Assert.Equal(0, pipeline.Metrics.ReadingsDropped.Sum);
    }

    private static async Task PublishRandomAsync(Pipeline pipeline, Series series, int readings)
    {
        var random = new Random(1);
        for (int i = 0; i < readings; i++)
        {
            await pipeline.WriteAsync(series, random.NextDouble());
        }
    }
}
