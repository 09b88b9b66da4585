using EdgeAgent.Batching;
using EdgeAgent.Protocol;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Thinning;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Tests.Batching;

/// <summary>What the agent's spool gives up first when there is no room.</summary>
public sealed class FullSpoolTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public async Task Old_readings_are_thinned_before_any_are_dropped_and_every_one_is_accounted_for()
    {
        await using Pipeline pipeline = await new Pipeline(
            options: new BatchOptions { Compression = BatchCompression.None, MaximumReadings = 5_000 },
            spool: options => options.Thinner = new ReadingThinner(BatchCompression.None)).StartAsync();
        Series[] series = [.. Enumerable.Range(0, 10).Select(i => pipeline.Series($"s{i}"))];
        var random = new Random(1);
        const int seconds = 60_000;
        for (int second = 0; second < seconds; second++)
        {
            foreach (Series one in series)
            {
                await pipeline.Channel.WriteAsync(Reading.OfNumber(one.Id, second * Second, random.NextDouble()), CancellationToken.None);
            }
        }

        await pipeline.StopBatcherAsync();

        Books books = Books.Read(pipeline.Slot.Current.Spool[SpoolLane.Live]);
        Assert.True(books.Lost(LossCause.Thinned) > 0);
        Assert.Equal(books.Lost(LossCause.Thinned), pipeline.Metrics.ReadingsThinned.Value);
        Assert.True(pipeline.Metrics.SegmentsThinned.Value > 0);
        Assert.Equal(0, pipeline.Metrics.ReadingsEvicted.Value);
        Assert.Equal(seconds * series.Length, books.Total);
    }

    [Theory]
    [InlineData(256 * 1024, 40_000)]
    [InlineData(1024 * 1024, 40_000)]
    [InlineData(16 * 1024 * 1024, 640_000)]
    public void What_a_run_may_take_grows_with_the_segments(int segmentBytes, int windows) =>
        Assert.Equal(windows, ThinningLimits.ForSegments(segmentBytes).Windows);

    [Fact]
    public void The_agents_spool_has_the_thinner()
    {
        var options = new SpoolOptions();
        new ServiceCollection().AddSpool(options, BatchCompression.Gzip);

        Assert.IsType<ReadingThinner>(options.Thinner);
    }
}
