using EdgeAgent.Batching;
using EdgeAgent.Diagnostics;
using EdgeAgent.Processing;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Batching;

namespace EdgeAgent.Tests.Processing;

/// <summary>Rules in the real batcher, on a real spool.</summary>
public sealed class ProcessingPipelineTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);
    private static readonly WindowRule Minute = new() { Length = TimeSpan.FromMinutes(1), Functions = [Protocol.V1.AggregateFunction.Last] };

    [Fact]
    public async Task A_stop_reports_the_open_windows()
    {
        await using Pipeline pipeline = await new Pipeline(rules: new ReportRule { Window = Minute }).StartAsync();
        for (int i = 0; i < 3_000; i++)
        {
            await pipeline.WriteAsync(pipeline.Series($"s{i % 1_000}"), i);
        }

        await pipeline.StopBatcherAsync();

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => ($"s{i}:last:1m", 2_000.0 + i)), pipeline.Read());
        Assert.Equal(3_000, pipeline.Metrics.ReportRules[0][RuleEffect.Aggregated]);
        Assert.Equal(0, pipeline.Metrics.ReadingsAtRisk.Value);
    }

    [Fact]
    public async Task A_window_that_nothing_comes_after_is_reported_when_it_is_due_and_is_at_risk_until_then()
    {
        var time = new ManualTimeProvider();
        await using Pipeline pipeline = await new Pipeline(time: time, rules: new ReportRule { Window = Minute }).StartAsync();
        await pipeline.WriteAsync(pipeline.Series("s"), 5);
        await Eventually.TrueAsync(
            () => pipeline.Metrics.ReadingsAtRisk.Value == 1 && pipeline.Channel.Reader.Count == 0, Enough, "the window holds the reading");

        time.Advance(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(() => pipeline.Metrics.ReportRules[0][RuleEffect.AggregateMade] == 1, Enough, "the window is closed");
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return pipeline.Metrics.ReadingsBatched.Value == 1;
            },
            Enough,
            "the aggregate is in a batch that is as old as it may be");

        await pipeline.StopBatcherAsync();
        Assert.Equal([("s:last:1m", 5.0)], pipeline.Read());
    }

    [Fact]
    public async Task What_was_acknowledged_is_on_disk_itself_while_its_window_is_open()
    {
        await using Pipeline pipeline = await new Pipeline(rules: new ReportRule { Window = Minute }).StartAsync();
        await pipeline.PublishAsync(pipeline.Series("s"), 5, 0);
        await pipeline.Publisher.WaitForAsync(1);

        Assert.Equal([("s", 5.0)], pipeline.Read());
        Assert.Equal([0L], pipeline.Publisher.All);
    }

    [Fact]
    public async Task Where_the_rule_says_that_the_window_is_enough_a_message_is_acknowledged_and_its_reading_is_at_risk()
    {
        ReportRule rule = new() { Window = Minute with { Acknowledgement = WindowAcknowledgement.Window } };
        await using Pipeline pipeline = await new Pipeline(rules: rule).StartAsync();
        await pipeline.PublishAsync(pipeline.Series("s"), 5, 0);
        await pipeline.Publisher.WaitForAsync(1);

        Assert.Empty(pipeline.Read());
        await Eventually.TrueAsync(() => pipeline.Metrics.ReadingsAtRisk.Value == 1, Enough, "the loss window says so");
        await pipeline.StopBatcherAsync();
        Assert.Equal([("s:last:1m", 5.0)], pipeline.Read());
    }

    [Fact]
    public async Task An_alarm_is_on_disk_at_once_and_every_reading_in_just_one_lane()
    {
        await using Pipeline pipeline = await new Pipeline(
            options: new BatchOptions { MaximumAge = TimeSpan.FromHours(1) }, rules: new ReportRule { Alarm = new AlarmRule { Above = 60 } }).StartAsync();
        Series series = pipeline.Series("s");
        foreach (double value in (double[])[59, 61, 62, 58, 57])
        {
            await pipeline.WriteAsync(series, value);
        }
        SpoolQueue alarms = pipeline.Slot.Current.Spool[SpoolLane.Alarm];
        await Eventually.TrueAsync(() => pipeline.Read(SpoolLane.Alarm).Count == 5, Enough, "the alarm lane has five");

        Assert.Equal(
            [("s:alarm", 0.0), ("s:alarm", 1.0), ("s:alarm", 0.0), ("s", 61.0), ("s", 58.0)],
            pipeline.Read(SpoolLane.Alarm).OrderByDescending(reading => reading.Series));
        await pipeline.StopBatcherAsync();
        Assert.Equal([("s", 59.0), ("s", 62.0), ("s", 57.0)], pipeline.Read());
        Assert.Equal(5, Books.Read(alarms).Readings);
    }
}
