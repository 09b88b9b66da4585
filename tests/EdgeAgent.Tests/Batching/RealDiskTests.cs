using EdgeAgent.Batching;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Disks;

namespace EdgeAgent.Tests.Batching;

/// <summary>The kernel's own errors, on file systems that are really full, read-only or failing. The agent outlives them, and its books balance.</summary>
public sealed class RealDiskTests
{
    private static readonly BatchOptions Uncompressed = new() { Compression = Protocol.BatchCompression.None, MaximumReadings = 1_000 };

    [MountFact]
    public async Task A_disk_that_others_have_filled_costs_the_oldest_readings_and_all_of_them_are_counted()
    {
        using TestDisk disk = TestDisk.InMemory(4);
        await using Pipeline pipeline = await On(disk).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 1);
        await pipeline.Publisher.WaitForAsync(1);
        disk.Fill();

        int produced = 1 + await PublishAsync(pipeline, series, 100_000);
        disk.Free();
        produced += await PublishAsync(pipeline, series, 10_000);
        await pipeline.PublishAsync(series, 2, 2);
        await pipeline.Publisher.WaitForAsync(2);

        Assert.Equal([1, 2], pipeline.Publisher.All);
        Assert.Equal(produced + 1, pipeline.Books().Total);
        Assert.Equal(produced + 1, pipeline.Books().Readings + pipeline.Metrics.ReadingsEvicted.Value);
    }

    [MountFact]
    public async Task A_disk_that_is_full_at_the_start_is_used_as_soon_as_there_is_room()
    {
        using TestDisk disk = TestDisk.InMemory(4);
        disk.Fill();
        await using Pipeline pipeline = await On(disk).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 1);
        Assert.Equal(1, await AlarmAsync(pipeline));

        disk.Free();
        await pipeline.Publisher.WaitForAsync(1);

        Assert.Equal([1], pipeline.Publisher.All);
        Assert.Equal(1, pipeline.Books().Total);
    }

    [MountFact]
    public async Task A_disk_that_turns_read_only_under_the_agent_is_used_again_when_it_was_mended()
    {
        using TestDisk disk = TestDisk.Ext4(16, 16);
        var time = new ManualTimeProvider();
        await using Pipeline pipeline = await On(disk, time).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 1);
        await PassAsync(time, () => pipeline.Publisher.All.Length == 1);

        disk.BecomeReadOnly();
        await pipeline.PublishAsync(series, 2, 2);
        await PassAsync(time, () => pipeline.Slot.Obstacle is not null);
        int lost = Enumerable.Range(0, 10_000).Count(value => !pipeline.Poll(series, value));
        Assert.True(lost > 0);
        // Nothing in it is open any more, and the clock stands still, so that nobody tries meanwhile.
        disk.Unmount();
        disk.Mount();
        await PassAsync(time, () => pipeline.Publisher.All.Length == 2);
        await pipeline.StopBatcherAsync();

        Assert.Equal([1, 2], pipeline.Publisher.All);
        Assert.Equal((10_002, lost), (pipeline.Books().Total, pipeline.Books().Lost(LossCause.DiskFull)));
        Assert.Equal(0, pipeline.Metrics.SpoolAlarm.Value);
    }

    [MountFact]
    public async Task A_disk_whose_blocks_fail_is_left_alone_between_attempts_and_loses_nothing_that_was_acknowledged()
    {
        using TestDisk disk = TestDisk.Ext4(32, 4);
        var time = new ManualTimeProvider();
        await using Pipeline pipeline = await On(disk, time).StartAsync();
        Series series = pipeline.Series("s");
        await pipeline.PublishAsync(series, 1, 1);
        await PassAsync(time, () => pipeline.Publisher.All.Length == 1);

        disk.Fill(isBeneath: true);
        Task publishing = PublishAsync(pipeline, series, 100_000);
        await PassAsync(time, () => pipeline.Slot.Obstacle is not null || pipeline.Metrics.SpoolFailures.Value > 1);
        long failures = pipeline.Metrics.SpoolFailures.Value;
        for (int minute = 0; minute < 10; minute++)
        {
            await PassAsync(time, () => pipeline.Batcher.State == BatcherState.Reopening);
            time.Advance(TimeSpan.FromMinutes(1));
        }
        // Ten minutes with a pause of up to half a minute.
        Assert.InRange(pipeline.Metrics.SpoolFailures.Value - failures, 0, 30);
        Assert.False(publishing.IsCompleted);
        disk.Free(isBeneath: true);
        await PassAsync(time, () => publishing.IsCompleted);
        await pipeline.PublishAsync(series, 2, 2);
        await PassAsync(time, () => pipeline.Publisher.All.Length == 2);

        Assert.Equal([1, 2], pipeline.Publisher.All);
        Assert.Equal(100_002, pipeline.Books().Total);
    }

    private static Pipeline On(TestDisk disk, TimeProvider? time = null) => new(time: time, options: Uncompressed, spool: options =>
    {
        options.Path = Path.Combine(disk.Path, "spool");
        options.MaximumBytes = 64 << 20;
    });

    private static async Task<int> PublishAsync(Pipeline pipeline, Series series, int readings)
    {
        var random = new Random(1);
        for (int i = 0; i < readings; i++)
        {
            await pipeline.WriteAsync(series, random.NextDouble());
        }
        return readings;
    }

    private static async Task<long> AlarmAsync(Pipeline pipeline)
    {
        await Eventually.TrueAsync(() => pipeline.Metrics.SpoolAlarm.Value == 1, TimeSpan.FromSeconds(20), "the alarm is raised");
        return pipeline.Metrics.SpoolAlarm.Value;
    }

    /// <summary>Lets time pass, a little faster than it does, until something is so.</summary>
    private static Task PassAsync(ManualTimeProvider time, Func<bool> isSo) => Eventually.TrueAsync(
        () =>
        {
            if (!isSo())
            {
                time.Advance(TimeSpan.FromMilliseconds(50));
            }
            return isSo();
        },
        TimeSpan.FromSeconds(20), "it is so", TimeSpan.FromMilliseconds(2));
}
