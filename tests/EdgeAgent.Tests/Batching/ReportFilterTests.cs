using EdgeAgent.Batching;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Tests.Batching;

public sealed class ReportFilterTests
{
    private readonly SeriesCatalog _catalog = new();

    [Fact]
    public void A_value_within_the_deadband_of_the_last_reported_one_is_left_out_and_does_not_move_the_band()
    {
        var filter = Filter(new ReportRule { Deadband = 0.5 });

        Assert.Equal([true, false, false, true], Pass(filter, 20.0, 20.4, 20.5, 20.6));
    }

    [Fact]
    public void A_steady_value_is_reported_once_for_each_heartbeat()
    {
        var filter = Filter(new ReportRule { Deadband = 0, Heartbeat = TimeSpan.FromSeconds(3) });

        Assert.Equal([true, false, false, true, false], Pass(filter, 1, 1, 1, 1, 1));
    }

    [Fact]
    public void A_change_of_quality_is_always_reported()
    {
        var filter = Filter(new ReportRule { Deadband = 100, MinimumInterval = TimeSpan.FromHours(1) });
        Series series = Find("s", SeriesKind.Number);

        Assert.True(filter.Passes(Reading.OfNumber(series.Id, 0, 1), series, TimeSpan.Zero));
        Assert.True(filter.Passes(Reading.WithoutValue(series.Id, 0, Quality.NoResponse), series, TimeSpan.Zero));
        Assert.False(filter.Passes(Reading.WithoutValue(series.Id, 0, Quality.NoResponse), series, TimeSpan.Zero));
        Assert.True(filter.Passes(Reading.OfNumber(series.Id, 0, 1), series, TimeSpan.Zero));
    }

    [Fact]
    public void Readings_closer_than_the_minimum_interval_are_left_out()
    {
        var filter = Filter(new ReportRule { MinimumInterval = TimeSpan.FromSeconds(2) });

        Assert.Equal([true, false, true, false, true], Pass(filter, 1, 2, 3, 4, 5));
    }

    [Fact]
    public void A_switch_is_never_within_a_band()
    {
        var filter = Filter(new ReportRule { Deadband = 5 });
        Series series = Find("switch", SeriesKind.Boolean);

        Assert.True(filter.Passes(Reading.OfBoolean(series.Id, 0, false), series, TimeSpan.Zero));
        Assert.True(filter.Passes(Reading.OfBoolean(series.Id, 0, true), series, TimeSpan.Zero));
        Assert.False(filter.Passes(Reading.OfBoolean(series.Id, 0, true), series, TimeSpan.Zero));
    }

    [Fact]
    public void The_first_rule_for_a_series_counts_and_a_series_without_one_is_reported_whole()
    {
        var filter = Filter(new ReportRule { Series = "office/door" }, new ReportRule { Series = "office/*", Deadband = 0 });
        Series door = Find("office/door", SeriesKind.Number);
        Series lamp = Find("office/lamp", SeriesKind.Number);
        Series yard = Find("yard/lamp", SeriesKind.Number);

        Assert.Equal([true, true], [Passes(door), Passes(door)]);
        Assert.Equal([true, false], [Passes(lamp), Passes(lamp)]);
        Assert.Equal([true, true], [Passes(yard), Passes(yard)]);

        bool Passes(Series series) => filter.Passes(Reading.OfNumber(series.Id, 0, 1), series, TimeSpan.Zero);
    }

    private static ReportFilter Filter(params ReportRule[] rules) => new(rules);

    /// <summary>One value a second.</summary>
    private IEnumerable<bool> Pass(ReportFilter filter, params double[] values)
    {
        Series series = Find("s", SeriesKind.Number);
        return [.. values.Select((value, i) => filter.Passes(Reading.OfNumber(series.Id, 0, value), series, TimeSpan.FromSeconds(i)))];
    }

    private Series Find(string name, SeriesKind kind)
    {
        Assert.True(_catalog.TryRegister(name, "", new Dictionary<string, string>(), kind, SpoolLane.Live, out Series? series));
        return series;
    }
}
