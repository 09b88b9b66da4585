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
        await WaitForStateAsync(pipeline.Batcher, BatcherState.Held);
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
    public async Task A_stop_while_the_spool_takes_nothing_tells_who_waits_and_counts_what_is_lost()
    {
        await using Pipeline pipeline = await new Pipeline(spool: options => options.FreeSpaceFloor = NoRoom).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 1);
        await WaitForStateAsync(pipeline.Batcher, BatcherState.Held);
        // This one is still in the channel when the end comes.
        await pipeline.PublishAsync(series, 2, 2);

        await pipeline.StopBatcherAsync();

        Assert.Equal([1, 2], pipeline.Publisher.Refused.Order());
        Assert.Empty(pipeline.Publisher.All);
        Assert.Equal(2, pipeline.Metrics.ReadingsDropped[DropCause.SpoolRefused]);
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

    private static Task WaitForStateAsync(Batcher batcher, BatcherState state) => Eventually.TrueAsync(
        () => batcher.State == state, TimeSpan.FromSeconds(20), () => $"the batcher is {state}; it is {batcher.State}", TimeSpan.FromMilliseconds(2));
}
