using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using LossCause = EdgeAgent.Spooling.LossCause;

namespace EdgeAgent.Tests.Processing;

public sealed class WindowTests
{
    private static readonly WindowRule Minute = new() { Length = TimeSpan.FromMinutes(1) };

    [Fact]
    public void A_window_becomes_its_aggregates_at_the_time_of_its_start_when_a_reading_of_the_next_one_comes()
    {
        var rig = new ProcessorRig(new ReportRule { Window = Minute });
        Series series = rig.Series("office/temperature", lane: SpoolLane.Alarm);

        rig.Take(series, 21.5, 60);
        rig.Take(series, 22.1, 80);
        rig.Take(series, 21.7, 119);
        Assert.Empty(rig.All);
        rig.Take(series, 30, 120);

        Assert.Equal(
            [
                "office/temperature:count:1m 3 Alarm", "office/temperature:min:1m 21.5 Alarm", "office/temperature:max:1m 22.1 Alarm",
                "office/temperature:mean:1m 21.77 Alarm", "office/temperature:last:1m 21.7 Alarm",
            ],
            rig.All.Select(reported => reported.ToString()));
        Assert.All(rig.All, reported => Assert.Equal(60 * ProcessorRig.Second, reported.Reading.UnixNanoseconds));
        Assert.All(rig.All, reported => Assert.Equal("2.17", reported.Series.Definition.Labels["room"]));
        Assert.Equal(["", "Cel", "Cel", "Cel", "Cel"], rig.All.Select(reported => reported.Series.Definition.Unit));
        Assert.Equal((3, 5), (rig.Count(RuleEffect.Aggregated), rig.Count(RuleEffect.AggregateMade)));
        Assert.Equal(3, rig.Metrics.ReadingsSuppressed.Value);
    }

    [Fact]
    public void Only_the_functions_that_are_asked_for_are_reported_and_failures_wherever_there_are_any()
    {
        var rig = new ProcessorRig(new ReportRule { Window = Minute with { Functions = [AggregateFunction.Maximum] } });
        Series series = rig.Series("s");

        rig.Take(series, 1, 0);
        rig.CloseAll();
        rig.Take(Reading.WithoutValue(series.Id, 60 * ProcessorRig.Second, Quality.NoResponse));
        rig.CloseAll();

        Assert.Equal(["s:max:1m 1 Live", "s:max:1m 0 Live", "s:failed:1m 1 Live"], rig.All.Select(reported => reported.ToString()));
        Assert.Equal([Quality.Good, Quality.NoResponse, Quality.Good], rig.All.Select(reported => reported.Reading.Quality));
    }

    [Fact]
    public void Switches_and_texts_have_the_aggregates_of_their_kind()
    {
        var rig = new ProcessorRig(new ReportRule { Window = Minute });
        Series door = rig.Series("door", SeriesKind.Boolean, unit: "");
        Series state = rig.Series("state", SeriesKind.Text, unit: "");

        rig.Take(Reading.OfBoolean(door.Id, 0, true));
        rig.Take(Reading.OfBoolean(door.Id, 1, false));
        rig.Take(Reading.OfText(state.Id, 0, "run"));
        rig.Take(Reading.OfText(state.Id, 1, "stop"));
        rig.CloseAll();

        Assert.Equal(
            ["door:count:1m 2 Live", "door:mean:1m 0.5 Live", "door:last:1m 0 Live", "state:count:1m 2 Live", "state:last:1m 0 Live"],
            rig.All.Select(reported => reported.ToString()));
        Assert.Equal("stop", rig.All[^1].Reading.Text);
    }

    [Fact]
    public void A_window_without_a_next_reading_is_due_when_its_length_has_passed_since_its_first_one_came_whatever_its_time()
    {
        var rig = new ProcessorRig(new ReportRule { Window = Minute });
        rig.Now = TimeSpan.FromHours(5);
        rig.Take(Reading.OfNumber(rig.Series("a").Id, 0, 1));
        rig.Now += TimeSpan.FromSeconds(10);
        rig.Take(Reading.OfNumber(rig.Series("b").Id, long.MaxValue, 2));

        Assert.Equal(TimeSpan.FromHours(5) + TimeSpan.FromMinutes(1), rig.Processor.Due);
        rig.Now = rig.Processor.Due;
        Assert.True(rig.Processor.TryCloseWindow(rig.Now));
        Assert.False(rig.Processor.TryCloseWindow(rig.Now));
        Assert.Equal([1.0], rig.Values("a:last:1m"));
        Assert.Equal(TimeSpan.FromHours(5) + TimeSpan.FromSeconds(70), rig.Processor.Due);
        Assert.Equal((1, TimeSpan.FromHours(5) + TimeSpan.FromSeconds(10)), (rig.Processor.Risk.Readings, rig.Processor.Risk.Since));
    }

    [Fact]
    public void Readings_out_of_order_give_parts_of_windows_each_of_readings_of_its_own()
    {
        var rig = new ProcessorRig(new ReportRule { Window = Minute with { Functions = [AggregateFunction.Count] } });
        Series series = rig.Series("s");

        foreach (double second in (double[])[59, 61, 58, 62])
        {
            rig.Take(series, 1, second);
        }
        rig.CloseAll();

        Assert.Equal([0, 60, 0, 60], rig.All.Select(reported => reported.Reading.UnixNanoseconds / ProcessorRig.Second));
        Assert.Equal([1.0, 1, 1, 1], rig.Values("s:count:1m"));
    }

    [Fact]
    public void A_correction_of_a_clock_that_is_not_known_to_be_right_leaves_the_window_open_and_a_right_one_closes_it()
    {
        using var folder = new TemporaryFolder();
        AgentClock clock = TestClocks.Of(new TestMachine(), folder["clock"]);
        var wrong = new ClockOffset(clock, 0, isProvisional: true);
        var lessWrong = new ClockOffset(clock, 1_000 * ProcessorRig.Second, isProvisional: true);
        var right = new ClockOffset(clock, 2_000 * ProcessorRig.Second, isProvisional: false);
        var rig = new ProcessorRig(new ReportRule { Window = Minute with { Functions = [AggregateFunction.Count] } });
        SeriesId series = rig.Series("s").Id;

        rig.Take(Reading.OfNumber(series, new ReadingTime(1 * ProcessorRig.Second, wrong), 1));
        rig.Take(Reading.OfNumber(series, new ReadingTime(1_002 * ProcessorRig.Second, lessWrong), 1));
        rig.Take(Reading.OfNumber(series, new ReadingTime(2_003 * ProcessorRig.Second, right), 1));
        rig.CloseAll();

        Assert.Equal([2.0, 1.0], rig.Values("s:count:1m"));
        Assert.Equal([new ReadingTime(0, wrong), new ReadingTime(1_980 * ProcessorRig.Second, right)], rig.All.Select(reported => reported.Reading.Time));
    }

    [Fact]
    public void Where_raw_readings_are_wanted_too_they_pass_the_deadband_and_the_window_has_them_all()
    {
        var rig = new ProcessorRig(new ReportRule { Deadband = 1, Window = Minute with { IsRawReported = true, Functions = [AggregateFunction.Count] } });
        Series series = rig.Series("s");

        foreach (double value in (double[])[1, 1.5, 3])
        {
            rig.Take(series, value, value);
        }
        rig.CloseAll();

        Assert.Equal([1.0, 3.0], rig.Values("s"));
        Assert.Equal([3.0], rig.Values("s:count:1m"));
        Assert.Equal((1, 0), (rig.Count(RuleEffect.Unchanged), rig.Count(RuleEffect.Aggregated)));
    }

    [Theory]
    [InlineData(WindowAcknowledgement.Stored, 1)]
    [InlineData(WindowAcknowledgement.Window, 0)]
    internal void What_will_be_acknowledged_is_stored_itself_unless_the_rule_says_that_the_window_is_enough(WindowAcknowledgement acknowledgement, int stored)
    {
        var rig = new ProcessorRig(new ReportRule { Window = Minute with { Acknowledgement = acknowledgement } });
        Series series = rig.Series("s");

        rig.Take(Reading.OfNumber(series.Id, 0, 7).Marked(new DeliveryMark(1, 1)));
        Assert.Equal(stored, rig.Values("s").Length);
        Assert.Equal(1 - stored, rig.Processor.Risk.Readings);
        rig.CloseAll();

        Assert.Equal([1.0], rig.Values("s:count:1m"));
        Assert.Equal(1 - stored, rig.Count(RuleEffect.Aggregated));
    }

    [Fact]
    public void Where_the_aggregates_cannot_be_named_the_readings_are_reported_as_they_are_and_the_log_says_so_once()
    {
        var rig = new ProcessorRig(new ReportRule { Window = Minute });
        Series longest = rig.Series(new string('x', 256));
        rig.Series("taken:min:1m");
        Series taken = rig.Series("taken");

        rig.Take(longest, 1, 0);
        rig.Take(taken, 2, 0);

        Assert.Equal([1.0, 2.0], rig.All.Select(reported => reported.Reading.Number));
        Assert.Single(rig.Log.Lines);
    }

    [Fact]
    public void No_rule_is_for_what_a_rule_made()
    {
        var rig = new ProcessorRig(new ReportRule { Series = "s*", Calibration = new LinearCalibration(2, 0), Window = Minute with { Functions = [AggregateFunction.Last] } });

        rig.Take(rig.Series("s"), 1, 0);
        rig.CloseAll();

        Assert.Equal(["s:last:1m 2 Live"], rig.All.Select(reported => reported.ToString()));
    }

    [Fact]
    public void What_open_windows_hold_at_a_stop_without_a_spool_is_counted_as_lost()
    {
        var rig = new ProcessorRig(new ReportRule { Window = Minute });
        var lost = new LostReadings();
        rig.Take(rig.Series("s"), 1, 0);
        rig.Take(rig.Series("s"), 2, 1);

        Assert.Equal(2, rig.Processor.GiveUp(lost));

        Assert.Equal(2, lost.Take(SpoolLane.Live, LossCause.Overflow));
        Assert.Equal((0, TimeSpan.MaxValue), (rig.Processor.Risk.Readings, rig.Processor.Due));
        Assert.Equal(0, rig.Count(RuleEffect.Aggregated));
    }
}
