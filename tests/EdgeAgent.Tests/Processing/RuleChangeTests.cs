using EdgeAgent.Diagnostics;
using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Tests.Processing;

/// <summary>What goes on, and what ends, when other rules come into force between two readings.</summary>
public sealed class RuleChangeTests
{
    private static readonly AlarmRule Above60 = new() { Above = 60, Hysteresis = 1 };
    private static readonly WindowRule Minute = new() { Length = TimeSpan.FromMinutes(1), Functions = [AggregateFunction.Count] };

    [Fact]
    public void A_changed_deadband_compares_with_what_was_reported_last()
    {
        var rig = new ProcessorRig(new ReportRule { Deadband = 5 });
        Series series = rig.Series("s");
        rig.Take(series, 20, 0);
        rig.Take(series, 24, 1);

        rig.Use(new ReportRule { Deadband = 3 });
        rig.Take(series, 22, 2);
        rig.Take(series, 24, 3);

        Assert.Equal([20.0, 24.0], rig.Values("s"));
    }

    [Fact]
    public void What_was_reported_before_a_time_without_the_rule_is_forgotten()
    {
        var rig = new ProcessorRig(new ReportRule { Deadband = 5 });
        Series series = rig.Series("s");
        rig.Take(series, 20, 0);
        rig.Use();
        rig.Take(series, 30, 1);

        rig.Use(new ReportRule { Deadband = 5 });
        rig.Take(series, 21, 2);

        Assert.Equal([20.0, 30.0, 21.0], rig.Values("s"));
    }

    [Fact]
    public void A_reading_of_the_old_number_is_calibrated_by_the_new_rule_under_the_new_unit()
    {
        var rig = new ProcessorRig(new ReportRule { Calibration = new LinearCalibration(2, 0), Unit = "%" });
        Series series = rig.Series("s");
        rig.Take(series, 10, 0);

        rig.Use(new ReportRule { Calibration = new LinearCalibration(3, 0), Unit = "mm" });
        rig.Take(series, 10, 1);
        rig.Use();
        rig.Take(series, 10, 2);

        Assert.Equal([("%", 20.0), ("mm", 30.0), ("Cel", 10.0)], rig.All.Select(one => (one.Series.Definition.Unit, one.Reading.Number)));
    }

    [Theory]
    [InlineData(70, true)] // still beyond by the new rule: nothing is told again
    [InlineData(50.5, true)] // between threshold and hysteresis: an alarm that is raised stays so
    [InlineData(49, false)]
    public void A_raised_alarm_goes_on_under_the_changed_rule_until_a_reading_is_on_its_good_side(double next, bool isRaised)
    {
        var rig = new ProcessorRig(new ReportRule { Alarm = Above60 });
        Series series = rig.Series("s");
        rig.Take(series, 61, 0);

        rig.Use(new ReportRule { Alarm = new AlarmRule { Above = 50, Hysteresis = 1 }, Deadband = 1 });
        Assert.Equal([1.0], rig.Values("s:alarm"));
        rig.Take(series, next, 1);

        Assert.Equal(isRaised ? [1.0] : [1.0, 0.0], rig.Values("s:alarm"));
    }

    [Fact]
    public void A_number_that_the_new_rule_calls_an_alarm_raises_it_with_the_next_reading()
    {
        var rig = new ProcessorRig(new ReportRule { Alarm = Above60 });
        Series series = rig.Series("s");
        rig.Take(series, 55, 0);

        rig.Use(new ReportRule { Alarm = new AlarmRule { Above = 50 } });
        rig.Take(series, 55, 1);

        Assert.Equal([0.0, 1.0], rig.Values("s:alarm"));
    }

    [Theory]
    [InlineData(60, 2, true)] // the rule changed elsewhere
    [InlineData(50, 2, true)] // what was beyond the old threshold was beyond the new one
    [InlineData(62, 2, false)] // nobody knows since when it was beyond this one
    public void Time_beyond_the_thresholds_counts_on_where_it_was_beyond_the_new_ones_too(double above, double atSecond, bool isRaised)
    {
        var rig = new ProcessorRig(new ReportRule { Alarm = new AlarmRule { Above = 60, For = TimeSpan.FromSeconds(2) } });
        Series series = rig.Series("s");
        rig.Take(series, 70, 0);

        rig.Use(new ReportRule { Alarm = new AlarmRule { Above = above, For = TimeSpan.FromSeconds(2) }, Deadband = 1 });
        rig.Take(series, 70, atSecond);

        Assert.Equal(isRaised ? [0.0, 1.0] : [0.0], rig.Values("s:alarm"));
    }

    [Fact]
    public void The_end_of_an_alarm_that_no_rule_judges_any_more_is_told_as_not_measured()
    {
        var rig = new ProcessorRig(new ReportRule { Alarm = Above60 });
        rig.Take(rig.Series("s"), 61, 7);

        rig.Use();

        Reported end = rig.All[^1];
        Assert.Equal(("s:alarm 0 Alarm", Quality.Uncertain, 7 * ProcessorRig.Second), (end.ToString(), end.Reading.Quality, end.Reading.UnixNanoseconds));
        rig.Use(new ReportRule { Alarm = Above60 });
        rig.Take(rig.Series("s"), 61, 8);
        Assert.Equal([1.0, 0.0, 1.0], rig.Values("s:alarm"));
    }

    [Fact]
    public void A_rule_that_goes_while_all_is_well_tells_nothing()
    {
        var rig = new ProcessorRig(new ReportRule { Alarm = Above60 });
        rig.Take(rig.Series("s"), 20, 0);
        rig.Use();

        Assert.Equal([0.0], rig.Values("s:alarm"));
    }

    [Fact]
    public void A_series_that_is_registered_anew_takes_the_alarm_and_ends_the_window_of_the_old_one()
    {
        var rule = new ReportRule { Alarm = Above60, Window = Minute, Deadband = 0 };
        var rig = new ProcessorRig(rule);
        Series before = rig.Series("s");
        rig.Take(before, 61, 0);
        rig.Take(before, 62, 1);

        rig.Use(rule);
        Series after = rig.Series("s", room: "2.18");
        rig.Take(after, 63, 2);
        rig.Take(after, 5, 3);
        rig.CloseAll();

        Assert.NotEqual(before.Id, after.Id);
        Assert.Equal([1.0, 0.0], rig.Values("s:alarm"));
        Assert.Equal([2.0, 2.0], rig.Values("s:count:1m"));
        Assert.Equal(["2.17", "2.18"], rig.All.Where(one => one.Series.Definition.Name == "s:count:1m").Select(one => one.Series.Definition.Labels["room"]));
    }

    [Fact]
    public void What_still_comes_of_a_series_that_was_registered_anew_is_calibrated_as_its_definition_says()
    {
        var rig = new ProcessorRig(new ReportRule { Calibration = new LinearCalibration(2, 0), Unit = "%", Window = Minute, Alarm = Above60 });
        Series before = rig.Series("s");
        rig.Take(before, 10, 0);
        rig.Use(new ReportRule { Calibration = new LinearCalibration(3, 0), Unit = "mm", Window = Minute, Alarm = Above60 });
        Series percent = rig.Catalog[before.Id], millimetres = rig.Catalog.TargetOf(before.Id);
        rig.Use(new ReportRule { Calibration = new LinearCalibration(3, 0), Unit = "mm", Window = Minute });
        Series after = rig.Series("s", room: "2.18");
        rig.Take(after, 10, 1);
        int count = rig.All.Count;

        rig.Take(before, 10, 2);

        Assert.Equal((millimetres.Id, "mm", 30.0), (rig.All[count].Series.Id, rig.All[count].Series.Definition.Unit, rig.All[count].Reading.Number));
        Assert.Equal("%", percent.Definition.Unit);
        Assert.Equal(count + 1, rig.All.Count);
    }

    [Fact]
    public void A_series_that_there_is_no_room_to_define_anew_stays_calibrated_as_its_definition_says_and_the_log_says_so()
    {
        var rig = new ProcessorRig(capacity: 2, new ReportRule { Series = "other" }, new ReportRule { Calibration = new LinearCalibration(2, 0), Unit = "%", Alarm = Above60 });
        Series series = rig.Series("s");
        rig.Take(series, 40, 0);

        rig.Use(new ReportRule { Calibration = new LinearCalibration(3, 0), Unit = "mm", Alarm = Above60 });
        rig.Take(series, 10, 1);
        rig.Take(series, 50, 2);

        Assert.Equal([("%", 80.0), ("%", 20.0), ("%", 100.0)],
            rig.All.Where(one => one.Series.Definition.Name == "s").Select(one => (one.Series.Definition.Unit, one.Reading.Number)));
        Assert.Equal([1.0, 0.0], rig.Values("s:alarm"));
        Assert.Contains("1 series keep the rules", Assert.Single(rig.Log.Lines));
    }

    [Fact]
    public void A_window_goes_on_where_the_rule_says_the_same_of_it()
    {
        var rig = new ProcessorRig(new ReportRule { Series = "s", Window = Minute }, new ReportRule { Series = "t", Deadband = 1 });
        Series series = rig.Series("s");
        rig.Take(series, 1, 0);

        rig.Use(new ReportRule { Series = "t", Deadband = 2 }, new ReportRule { Series = "s", Window = Minute with { Functions = [AggregateFunction.Count] } });
        rig.Take(series, 2, 1);
        rig.CloseAll();

        Assert.Equal([2.0], rig.Values("s:count:1m"));
        Assert.Equal(2, rig.Count(RuleEffect.Aggregated, rule: 1));
    }

    public static TheoryData<string> OtherWindows => ["length", "functions", "calibration", "decimals", "gone"];

    [Theory]
    [MemberData(nameof(OtherWindows))]
    public void A_window_of_a_rule_that_changes_or_goes_is_reported_at_once_with_what_it_has(string changed)
    {
        var rule = new ReportRule { Window = Minute };
        var rig = new ProcessorRig(rule);
        Series series = rig.Series("s");
        rig.Take(series, 1, 0);

        rig.Use(changed switch
        {
            "length" => [rule with { Window = Minute with { Length = TimeSpan.FromHours(1) } }],
            "functions" => [rule with { Window = Minute with { Functions = [AggregateFunction.Last] } }],
            "calibration" => [rule with { Calibration = new LinearCalibration(2, 0) }],
            "decimals" => [rule with { Decimals = 1 }],
            _ => Array.Empty<ReportRule>(),
        });
        Assert.Equal(1, rig.Processor.Risk.Readings);
        Assert.True(rig.Processor.Due <= rig.Now);
        Assert.True(rig.Processor.TryCloseWindow(rig.Now));
        Assert.False(rig.Processor.TryCloseWindow(rig.Now));

        Assert.Equal([1.0], rig.Values("s:count:1m"));
        Assert.Equal((0, 1), (rig.Processor.Risk.Readings, rig.Metrics.ReadingsSuppressed.Value));
    }

    [Fact]
    public void What_a_window_holds_that_is_to_be_reported_is_given_up_with_the_others()
    {
        var rig = new ProcessorRig(new ReportRule { Window = Minute });
        rig.Take(rig.Series("s"), 1, 0);
        rig.Use();
        var lost = new LostReadings();

        Assert.Equal(1, rig.Processor.GiveUp(lost));

        Assert.True(lost.IsAny);
        Assert.Equal(TimeSpan.MaxValue, rig.Processor.Due);
    }

    [Fact]
    public void Counts_go_on_under_the_name_of_a_rule_and_those_of_a_name_that_is_gone_end()
    {
        var rig = new ProcessorRig(new ReportRule { Series = "a", Deadband = 1 }, new ReportRule { Series = "b", Deadband = 1 });
        var summary = new RuleSummary(rig.Catalog.Rules, rig.Metrics, rig.Log);
        summary.Observe(TimeSpan.Zero);
        foreach (string name in (string[])["a", "a", "b", "b", "b"])
        {
            rig.Take(rig.Series(name), 0, 1);
        }
        List<(string, long)> published = [];
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name == "edge_agent.rules.readings")
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, amount, tags, _) => published.AddRange(
            amount > 0 && tags.ToArray().Any(tag => tag.Key == "rule" && tag.Value is "a" or "b" or "c") ? [((string)tags.ToArray().First(tag => tag.Key == "rule").Value!, amount)] : []));
        listener.Start();

        rig.Use(new ReportRule { Series = "c", Deadband = 1 }, new ReportRule { Series = "a", Deadband = 2 });
        summary.Use(rig.Catalog.Rules, TimeSpan.FromMinutes(1));

        Assert.Equal(1, rig.Count(RuleEffect.Unchanged, rule: 1));
        Assert.StartsWith("Information: Rule b in 00:01:00: held back 2 readings as unchanged", Assert.Single(rig.Log.Lines));
        listener.RecordObservableInstruments();
        Assert.Contains(("a", 1L), published);
        Assert.DoesNotContain(published, one => one.Item1 == "b" && one.Item2 == 2);
        summary.Tell(TimeSpan.FromMinutes(2));
        Assert.Contains("Rule a", rig.Log.Lines.Last());
    }

    [Fact]
    public void The_same_rules_again_touch_nothing()
    {
        var rule = new ReportRule { Deadband = 5, Window = Minute, Alarm = Above60, Calibration = new CalibrationTable([new(0, 0), new(100, 100)], OutsideTable.Clamp) };
        var rig = new ProcessorRig(rule);
        rig.Take(rig.Series("s"), 61, 0);
        int count = rig.All.Count;

        rig.Use(rule with
        {
            Window = Minute with { Functions = [AggregateFunction.Count] },
            Calibration = new CalibrationTable([new(0, 0), new(100, 100)], OutsideTable.Clamp),
        });
        rig.Take(rig.Series("s"), 61, 1);

        Assert.Equal(count, rig.All.Count);
        Assert.False(rig.Processor.TryCloseWindow(rig.Now));
    }
}
