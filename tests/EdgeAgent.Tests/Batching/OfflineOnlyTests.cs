using EdgeAgent.Batching;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Batching;

/// <summary>Who waits for durability, where memory may hold readings.</summary>
public sealed class OfflineOnlyTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_publisher_is_told_after_the_receipt_and_not_before()
    {
        await using Pipeline pipeline = await StartHoldingAsync();
        SpoolQueue queue = pipeline.Slot.Current.Spool[SpoolLane.Live];
        ulong written = queue.Secured;
        pipeline.Publisher.OnCommitted = _ => Assert.True(queue.Released > written, "Told before the receipt.");
        for (int i = 1; i <= 10; i++)
        {
            await pipeline.PublishAsync(pipeline.Series("s"), i, i);
        }
        await Eventually.TrueAsync(() => pipeline.Read().Count == 10, Enough, "all may be sent");
        Assert.Equal([0L], pipeline.Publisher.All);

        queue.Release(queue.Committed);
        await pipeline.Publisher.WaitForAsync(11);
        Assert.Equal(Enumerable.Range(0, 11).Select(i => (long)i), pipeline.Publisher.All);
    }

    [Fact]
    public async Task A_publisher_is_told_when_trouble_of_the_uplink_has_its_reading_written()
    {
        await using Pipeline pipeline = await StartHoldingAsync();
        Spool spool = pipeline.Slot.Current.Spool;
        pipeline.Publisher.OnCommitted = _ => Assert.Equal(spool[SpoolLane.Live].Committed, spool[SpoolLane.Live].Secured);
        await pipeline.PublishAsync(pipeline.Series("s"), 1, 1);
        await Eventually.TrueAsync(() => spool.Statistics.HeldBytes > 0, Enough, "memory holds it");
        Assert.Equal([0L], pipeline.Publisher.All);
        spool.ReportUplink(isInTrouble: true);
        await pipeline.Publisher.WaitForAsync(2);
    }

    [Fact]
    public async Task What_a_broker_sends_again_after_a_restart_is_on_flash_before_it_may_be_sent()
    {
        await using Pipeline pipeline = await StartHoldingAsync();
        SpoolQueue queue = pipeline.Slot.Current.Spool[SpoolLane.Live];
        Reading reading = Reading.OfNumber(pipeline.Series("s").Id, 0, 1).Marked(new DeliveryMark(7, 42)).Settling(new Delivery(pipeline.Publisher, 1));
        await pipeline.Channel.WriteAsync(reading, CancellationToken.None);
        await pipeline.Publisher.WaitForAsync(2);
        Assert.Equal(queue.Tail, queue.Secured);
        Assert.True(queue.Released < queue.Tail);
    }

    [Fact]
    public async Task Readings_in_memory_are_at_risk_until_the_receipt()
    {
        await using Pipeline pipeline = await StartHoldingAsync(new BatchOptions { MaximumReadings = 5 });
        SpoolQueue queue = pipeline.Slot.Current.Spool[SpoolLane.Live];
        for (int i = 0; i < 5; i++)
        {
            await pipeline.WriteAsync(pipeline.Series("s"), i);
        }
        await Eventually.TrueAsync(() => queue.Committed > queue.Secured && pipeline.Metrics.ReadingsAtRisk.Value == 5, Enough, "five are at risk");
        queue.Release(queue.Committed);
        await Eventually.TrueAsync(() => pipeline.Metrics.ReadingsAtRisk.Value == 0, Enough, "none is");
    }

    [Fact]
    public async Task The_end_of_the_agent_has_everything_written_and_told()
    {
        await using Pipeline pipeline = await StartHoldingAsync();
        await pipeline.PublishAsync(pipeline.Series("s"), 1, 1);
        await pipeline.StopBatcherAsync();
        Assert.Equal([0L, 1L], pipeline.Publisher.All);
        Assert.Equal(0, pipeline.Slot.Current.Spool.Statistics.HeldBytes);
    }

    /// <summary>A pipeline whose first batch was receipted in time.</summary>
    private static async Task<Pipeline> StartHoldingAsync(BatchOptions? options = null)
    {
        Pipeline pipeline = await new Pipeline(options: options, spool: static spool => spool.Durability = SpoolDurability.OfflineOnly).StartAsync();
        await pipeline.PublishAsync(pipeline.Series("s"), 0, 0);
        await pipeline.Publisher.WaitForAsync(1);
        SpoolQueue queue = pipeline.Slot.Current.Spool[SpoolLane.Live];
        Assert.Equal(ReleaseResult.Released, queue.Release(queue.Committed));
        return pipeline;
    }
}
