using EdgeAgent.Batching;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Batching;

public sealed class RoutingTests
{
    /// <summary>A window so short that whatever lies in the live lane is older.</summary>
    private static readonly BatchOptions Narrow = new() { LiveWindow = TimeSpan.FromTicks(1), MaximumAge = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task What_comes_while_the_live_lane_is_behind_goes_to_the_backlog_and_what_comes_after_it_is_drained_is_live()
    {
        await using Pipeline pipeline = await new Pipeline(options: Narrow).StartAsync();
        Series series = pipeline.Series("s");
        Spool spool = pipeline.Slot.Current.Spool;
        for (int value = 1; value <= 3; value++)
        {
            await PublishAndWaitAsync(pipeline, series, value);
        }
        Assert.Equal([("s", 1d)], Pipeline.Read(spool, SpoolLane.Live));
        Assert.Equal([("s", 2d), ("s", 3d)], Pipeline.Read(spool, SpoolLane.Backlog));

        spool[SpoolLane.Live].Release(1);
        await PublishAndWaitAsync(pipeline, series, 4);
        await PublishAndWaitAsync(pipeline, series, 5);
        // Each lane names its series anew when the route comes back to it.
        Assert.Equal([("s", 4d)], Pipeline.Read(spool, SpoolLane.Live));
        Assert.Equal([("s", 2d), ("s", 3d), ("s", 5d)], Pipeline.Read(spool, SpoolLane.Backlog));
    }

    [Fact]
    public async Task Alarms_stay_alarms_however_far_the_live_lane_is_behind()
    {
        await using Pipeline pipeline = await new Pipeline(options: Narrow).StartAsync();
        Series live = pipeline.Series("s"), alarm = pipeline.Series("a", SpoolLane.Alarm);
        await PublishAndWaitAsync(pipeline, live, 1);
        await PublishAndWaitAsync(pipeline, alarm, 2);
        await PublishAndWaitAsync(pipeline, alarm, 3);
        await pipeline.StopBatcherAsync();
        Assert.Equal(2, Pipeline.Read(pipeline.Slot.Current.Spool, SpoolLane.Alarm).Count);
        Assert.Equal(0ul, pipeline.Slot.Current.Spool[SpoolLane.Backlog].Tail);
    }

    [Fact]
    public async Task A_restart_in_an_outage_loses_nothing_and_goes_on_with_the_backlog()
    {
        using var folder = new TemporaryFolder();
        var wide = new BatchOptions { LiveWindow = TimeSpan.FromHours(1), MaximumAge = TimeSpan.FromMilliseconds(20) };
        for (int run = 0; run < 2; run++)
        {
            await using Pipeline pipeline = await new Pipeline(folder, options: run == 0 ? Narrow : wide).StartAsync();
            Series series = pipeline.Series("s");
            await PublishAndWaitAsync(pipeline, series, (2 * run) + 1);
            await PublishAndWaitAsync(pipeline, series, (2 * run) + 2);
            await pipeline.StopBatcherAsync();
            if (run == 1)
            {
                Assert.Equal([("s", 1d)], Pipeline.Read(pipeline.Slot.Current.Spool, SpoolLane.Live));
                Assert.Equal([("s", 2d), ("s", 3d), ("s", 4d)], Pipeline.Read(pipeline.Slot.Current.Spool, SpoolLane.Backlog));
            }
        }
    }

    private static async Task PublishAndWaitAsync(Pipeline pipeline, Series series, int value)
    {
        int told = pipeline.Publisher.All.Length;
        await pipeline.PublishAsync(series, value, value);
        await pipeline.Publisher.WaitForAsync(told + 1);
    }
}
