using EdgeAgent.Batching;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Batching;
using EdgeAgent.Tests.Disks;
using EdgeAgent.Tests.Sensors.Sampling;
using EdgeAgent.Tests.Uplink;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Supervision;

/// <summary>What the stages themselves say: stuck is what a start can help, and nothing else.</summary>
public sealed class StageHeartTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [MountFact]
    public async Task A_commit_that_hangs_in_the_kernel_is_stuck_until_the_disk_comes_back_and_then_nothing_is_lost()
    {
        using TestDisk disk = TestDisk.Ext4(64, 96);
        var time = new ManualTimeProvider();
        await using Pipeline pipeline = await new Pipeline(time: time, spool: options => options.Path = Path.Join(disk.Path, "spool")).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 1);
        await AdvanceAsync(time, () => pipeline.Publisher.All.Length == 1);
        Assert.Null(Stuck(pipeline.Hearts));

        using (disk.Freeze())
        {
            await pipeline.PublishAsync(series, 2, 2);
            await AdvanceAsync(time, () => Stuck(pipeline.Hearts) is not null);
            Assert.Equal([1], pipeline.Publisher.All);
        }

        await AdvanceAsync(time, () => pipeline.Publisher.All.Length == 2);
        await AdvanceAsync(time, () => Stuck(pipeline.Hearts) is null);
        Assert.Equal([("s", 1), ("s", 2)], pipeline.Read());
    }

    [Fact]
    public async Task A_spool_that_takes_nothing_is_not_stuck_however_long_that_lasts()
    {
        SpoolOptions? spool = null;
        var time = new ManualTimeProvider();
        await using Pipeline pipeline = await new Pipeline(time: time, spool: options => (spool = options).FreeSpaceFloor = long.MaxValue / 2).StartAsync();
        await pipeline.PublishAsync(pipeline.Series("s"), 1, 1);
        await AdvanceAsync(time, () => pipeline.Batcher.State == BatcherState.Held);

        // Each step is longer than the batcher's patience, and it turns in between.
        for (int i = 0; i < 20; i++)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await Eventually.TrueAsync(() => Stuck(pipeline.Hearts) is null, TimeSpan.FromSeconds(20), "the batcher turns");
        }
        spool!.FreeSpaceFloor = 0;
        await AdvanceAsync(time, () => pipeline.Publisher.All.Length == 1);
    }

    [Fact]
    public async Task A_batcher_that_sleeps_proves_that_it_wakes()
    {
        var time = new ManualTimeProvider();
        await using Pipeline pipeline = await new Pipeline(time: time).StartAsync();
        Heartbeat batcher = Named(pipeline.Hearts, "the batcher");
        await Eventually.TrueAsync(() => batcher.Overdue < -Long, TimeSpan.FromSeconds(20), "it sleeps");

        batcher.Knock();
        await Eventually.TrueAsync(() => batcher.Overdue < -Long, TimeSpan.FromSeconds(20), "it woke and sleeps again");
    }

    [Fact]
    public void A_sampler_is_not_stuck_while_a_sensor_hangs()
    {
        using var fixture = new SamplingFixture();
        fixture.Add("hangs", TimeSpan.FromSeconds(1)).Attempt = static (_, _) => new ValueTask(new TaskCompletionSource().Task);
        fixture.Add("well", TimeSpan.FromSeconds(1), group: "other");
        fixture.Start();
        Heartbeat sampler = Named(fixture.Hearts, "the sampler");

        for (int i = 0; i < 120; i++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            // Its word is a second and its patience.
            Assert.InRange(sampler.Overdue, -TimeSpan.FromSeconds(32), -TimeSpan.FromSeconds(29));
        }
    }

    [Fact]
    public void A_sampler_whose_timer_does_not_fire_is_stuck()
    {
        // Its timers stand still while the time goes on.
        var elsewhere = new ManualTimeProvider();
        using var fixture = new SamplingFixture { Hearts = new Heartbeats(elsewhere) };
        fixture.Add("well", TimeSpan.FromSeconds(1));
        fixture.Start();

        elsewhere.Advance(TimeSpan.FromSeconds(32));
        Assert.Equal("the sampler", Stuck(fixture.Hearts));
    }

    [Fact]
    public void A_sampler_that_reads_once_an_hour_may_sleep_that_long()
    {
        using var fixture = new SamplingFixture();
        fixture.Add("slow", TimeSpan.FromHours(1));
        fixture.Start();
        fixture.Time.Advance(TimeSpan.FromMinutes(59));

        Assert.Null(Stuck(fixture.Hearts));
    }

    [Fact]
    public async Task Without_a_cloud_the_uploaders_are_not_stuck()
    {
        var time = new ManualTimeProvider();
        await using UplinkRig rig = await new UplinkRig { Time = time }.StartAsync();
        await rig.AppendAsync(3);
        await rig.StopServerAsync();
        Uploader uploader = rig.Run();

        TimeSpan passed = await rig.AdvanceUntilAsync(
            time, uploader,
            () =>
            {
                Assert.Null(Stuck(rig.Hearts));
                return time.GetTimestamp() > TimeSpan.FromMinutes(15).Ticks;
            },
            TimeSpan.FromMinutes(1));
        Assert.True(passed >= TimeSpan.FromMinutes(15));
    }

    private static string? Stuck(Heartbeats hearts)
    {
        foreach (Heartbeat heart in hearts.All)
        {
            if (heart.Overdue > TimeSpan.Zero)
            {
                return heart.Stage;
            }
        }
        return null;
    }

    private static Heartbeat Named(Heartbeats hearts, string stage) => hearts.All.ToArray().Single(heart => heart.Stage == stage);

    private static Task AdvanceAsync(ManualTimeProvider time, Func<bool> isSo) => Eventually.TrueAsync(
        () =>
        {
            if (isSo())
            {
                return true;
            }
            time.Advance(TimeSpan.FromSeconds(1));
            return false;
        },
        TimeSpan.FromMinutes(1), "it comes true");
}
