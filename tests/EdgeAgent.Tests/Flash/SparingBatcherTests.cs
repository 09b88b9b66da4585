using EdgeAgent.Flash;
using EdgeAgent.Readings;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Batching;

namespace EdgeAgent.Tests.Flash;

/// <summary>The real batcher and spool on a clock that the test moves.</summary>
public sealed class SparingBatcherTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_publisher_who_would_wear_the_flash_out_waits_and_the_day_stays_within_its_bytes()
    {
        const long budget = 8 << 20;
        var time = new ManualTimeProvider();
        var flash = new FlashOptions { MaximumBytesPerDay = budget, LongestWait = TimeSpan.FromMinutes(30) };
        using var folder = new TemporaryFolder();
        int acknowledged;
        await using (Pipeline pipeline = await new Pipeline(folder, time, flash: flash, spool: options => options.CommitWindow = TimeSpan.FromHours(1)).StartAsync())
        {
            Series series = pipeline.Series("s");
            int published = 0;
            for (int minute = 1; minute < 24 * 60; minute++)
            {
                if (pipeline.Publisher.All.Length == published)
                {
                    await pipeline.PublishAsync(series, minute, ++published);
                }
                time.Advance(Minute);
                await Task.Delay(1);
            }
            acknowledged = pipeline.Publisher.All.Length;
            Assert.InRange(pipeline.Metrics.FlashSpool.Value, 1, budget);
            Assert.True(pipeline.Metrics.FlashLeft.Value >= 0);
        }

        // Without a budget each would have had its commit within the minute.
        Assert.InRange(acknowledged, 10, 20 * 60);
        Assert.True(new FlashDayFile(folder["spool.flash"]).TryRead(out FlashDay day, out bool isClean));
        Assert.True(isClean);
        Assert.InRange(day.Written, 1, budget);
    }

    [Fact]
    public async Task Without_a_budget_nobody_waits_and_what_is_written_is_counted_all_the_same()
    {
        await using Pipeline pipeline = await new Pipeline().StartAsync();
        await pipeline.PublishAsync(pipeline.Series("s"), 1, 1);
        await pipeline.Publisher.WaitForAsync(1);
        await pipeline.StopBatcherAsync();

        Assert.True(pipeline.Metrics.FlashPayload.Value > 0);
        Assert.True(pipeline.Metrics.FlashSpool.Value > pipeline.Metrics.FlashPayload.Value);
        Assert.False(File.Exists(pipeline.Folder["spool.flash"]));
    }
}
