using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Tests.Processing;

public sealed class ChangeFilterTests
{
    [Fact]
    public void A_value_within_the_deadband_of_the_last_reported_one_is_left_out_and_does_not_move_the_band()
    {
        Assert.Equal([true, false, false, true], Pass(new ReportRule { Deadband = 0.5 }, 20.0, 20.4, 20.5, 20.6));
    }

    [Fact]
    public void A_deadband_in_percent_is_one_of_the_last_reported_number_and_the_wider_of_two_bands_counts()
    {
        Assert.Equal([true, false, true, true, false], Pass(new ReportRule { DeadbandPercent = 10 }, 100, 110, 110.1, -50, -55));
        Assert.Equal([true, false, true, false, true], Pass(new ReportRule { Deadband = 1, DeadbandPercent = 10 }, 0, 1, 100, 109, 111));
    }

    [Fact]
    public void A_steady_value_is_reported_once_for_each_heartbeat()
    {
        Assert.Equal([true, false, false, true, false], Pass(new ReportRule { Deadband = 0, Heartbeat = TimeSpan.FromSeconds(3) }, 1, 1, 1, 1, 1));
    }

    [Fact]
    public void A_change_of_quality_is_always_reported()
    {
        var rig = new ProcessorRig(new ReportRule { Deadband = 100, MinimumInterval = TimeSpan.FromHours(1) });
        Series series = rig.Series("s");

        Assert.True(rig.Passes(Reading.OfNumber(series.Id, 0, 1)));
        Assert.True(rig.Passes(Reading.WithoutValue(series.Id, 0, Quality.NoResponse)));
        Assert.False(rig.Passes(Reading.WithoutValue(series.Id, 0, Quality.NoResponse)));
        Assert.True(rig.Passes(Reading.OfNumber(series.Id, 0, 1)));
    }

    [Fact]
    public void Readings_closer_than_the_minimum_interval_are_left_out()
    {
        Assert.Equal([true, false, true, false, true], Pass(new ReportRule { MinimumInterval = TimeSpan.FromSeconds(2) }, 1, 2, 3, 4, 5));
    }

    [Fact]
    public void A_switch_is_never_within_a_band()
    {
        var rig = new ProcessorRig(new ReportRule { Deadband = 5, DeadbandPercent = 100 });
        Series series = rig.Series("switch", SeriesKind.Boolean);

        Assert.True(rig.Passes(Reading.OfBoolean(series.Id, 0, false)));
        Assert.True(rig.Passes(Reading.OfBoolean(series.Id, 0, true)));
        Assert.False(rig.Passes(Reading.OfBoolean(series.Id, 0, true)));
    }

    [Fact]
    public void The_first_rule_for_a_series_counts_and_a_series_without_one_is_reported_whole()
    {
        var rig = new ProcessorRig(new ReportRule { Series = "office/door", MinimumInterval = TimeSpan.FromTicks(1) }, new ReportRule { Series = "office/*", Deadband = 0 });

        Assert.Equal([true, false, true], Pass(rig, "office/lamp", 1, 1, 2));
        Assert.Equal([true, true, true], Pass(rig, "office/door", 1, 1, 2));
        Assert.Equal([true, true, true], Pass(rig, "yard/lamp", 1, 1, 2));
    }

    /// <summary>One value a second.</summary>
    private static bool[] Pass(ReportRule rule, params double[] values) => Pass(new ProcessorRig(rule), "s", values);

    private static bool[] Pass(ProcessorRig rig, string name, params double[] values)
    {
        Series series = rig.Series(name);
        return [.. values.Select(value =>
        {
            bool passes = rig.Passes(Reading.OfNumber(series.Id, 0, value));
            rig.Now += TimeSpan.FromSeconds(1);
            return passes;
        })];
    }
}
