using EdgeAgent.Processing;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Tests.Readings;

public sealed class SeriesCatalogChangeTests
{
    private static readonly ReportRule Percent = new() { Calibration = new LinearCalibration(2, 0), Unit = "%" };

    public static TheoryData<string, string, SeriesKind, SpoolLane, int> OtherDescriptions => new()
    {
        { "K", "2.17", SeriesKind.Number, SpoolLane.Live, 10 },
        { "Cel", "2.18", SeriesKind.Number, SpoolLane.Live, 10 },
        { "Cel", "2.17", SeriesKind.Text, SpoolLane.Live, 10 },
        { "Cel", "2.17", SeriesKind.Number, SpoolLane.Alarm, 10 },
        { "Cel", "2.17", SeriesKind.Number, SpoolLane.Live, 20 },
    };

    [Theory]
    [MemberData(nameof(OtherDescriptions))]
    public void What_is_described_otherwise_after_a_change_gets_another_number_and_the_old_one_stays_what_it_was(
        string unit, string room, SeriesKind kind, SpoolLane lane, int seconds)
    {
        var catalog = new SeriesCatalog();
        Series before = Register(catalog);
        SeriesDefinition kept = before.Definition.Clone();

        catalog.Use(ReportRules.None);
        Series after = Register(catalog, unit, room, kind, lane, seconds);

        Assert.NotEqual(before.Id, after.Id);
        Assert.Equal((unit, room, kind, lane), (after.Definition.Unit, after.Definition.Labels["room"], after.Definition.Kind, after.Lane));
        Assert.Equal(kept, catalog[before.Id].Definition);
        Assert.Equal(kept, ((ISeriesDefinitions)catalog)[kept.Ref]);
        Assert.Equal(before.Id, catalog.TargetOf(before.Id).Id);
        Assert.True(catalog.TryFind("s", out Series? named));
        Assert.Equal(after.Id, named.Id);
        Assert.Equal((2, 1), (catalog.Count, catalog.Names));
    }

    [Fact]
    public void What_is_described_as_before_keeps_its_number_over_any_number_of_changes()
    {
        var catalog = new SeriesCatalog();
        Series before = Register(catalog);

        for (int i = 0; i < 100; i++)
        {
            catalog.Use(i % 2 == 0 ? new ReportRules([new ReportRule { Deadband = i, Heartbeat = TimeSpan.FromSeconds(1) }]) : ReportRules.None);
            Assert.Equal(before.Id, Register(catalog).Id);
        }

        Assert.Equal(1, catalog.Count);
    }

    [Fact]
    public void Of_two_sources_with_one_name_the_first_wins_until_the_configuration_changes()
    {
        var catalog = new SeriesCatalog();
        Series first = Register(catalog);
        Assert.Equal(first.Id, Register(catalog, "K").Id);

        catalog.Use(ReportRules.None);
        Assert.Equal(first.Id, Register(catalog).Id);
        Assert.Equal(first.Id, Register(catalog, "K").Id);

        catalog.Use(ReportRules.None);
        Assert.NotEqual(first.Id, Register(catalog, "K").Id);
    }

    [Fact]
    public void A_rule_with_another_unit_puts_another_series_in_the_place_of_the_one_that_its_source_goes_on_to_name()
    {
        var catalog = new SeriesCatalog();
        Series source = Register(catalog);

        Assert.Equal(1, catalog.RoomFor(new ReportRules([Percent])));
        Assert.Equal(0, catalog.Use(new ReportRules([Percent])));
        Series percent = catalog.TargetOf(source.Id);
        catalog.Use(ReportRules.None);
        Series plain = catalog.TargetOf(source.Id);

        Assert.Equal(("Cel", "%", "Cel"), (catalog[source.Id].Definition.Unit, percent.Definition.Unit, plain.Definition.Unit));
        Assert.Equal(plain.Id, catalog.TargetOf(percent.Id).Id);
        Assert.Equal([1u, 2u, 3u], [source.Definition.Ref, percent.Definition.Ref, plain.Definition.Ref]);
        Assert.Equal("2.17", percent.Definition.Labels["room"]);
        // The source begins again for a reason of its own, and says what it said.
        Assert.Equal(plain.Id, Register(catalog).Id);
    }

    [Fact]
    public void A_changed_deadband_takes_no_number_and_one_that_changes_what_silence_means_takes_one()
    {
        var catalog = new SeriesCatalog(rules: new ReportRules([new ReportRule { Deadband = 1 }]));
        Series series = Register(catalog);

        catalog.Use(new ReportRules([new ReportRule { Deadband = 2 }]));
        Assert.Equal(series.Id, catalog.TargetOf(series.Id).Id);
        Assert.Equal(2, catalog.TargetOf(series.Id).Rule.Deadband);

        catalog.Use(new ReportRules([new ReportRule { Deadband = 2, Heartbeat = TimeSpan.FromHours(1) }]));
        Assert.Equal(3_600_000u, catalog.TargetOf(series.Id).Definition.ExpectedIntervalMilliseconds);
        Assert.Equal(2, catalog.Count);
    }

    [Fact]
    public void Where_there_is_no_room_a_series_keeps_the_rule_that_its_definition_was_made_by()
    {
        var catalog = new SeriesCatalog(capacity: 1);
        Series series = Register(catalog);

        Assert.True(catalog.RoomFor(new ReportRules([Percent])) > catalog.Room);
        Assert.Equal(1, catalog.Use(new ReportRules([Percent])));

        Assert.Equal(("Cel", true), (catalog.TargetOf(series.Id).Definition.Unit, catalog.TargetOf(series.Id).Rule.DoesNothing));
    }

    [Fact]
    public void A_change_is_known_to_need_no_more_numbers_than_it_takes()
    {
        var catalog = new SeriesCatalog();
        Series series = Register(catalog);
        var rules = new ReportRules([Percent with { Window = new WindowRule { Length = TimeSpan.FromMinutes(1) }, Alarm = new AlarmRule { Above = 1 } }]);

        // Another unit, five aggregates, the failed, and the state of the alarm.
        Assert.Equal(8, catalog.RoomFor(rules));
        catalog.Use(rules);
        Assert.Equal(0, catalog.RoomFor(rules));
        Assert.Equal("%", catalog.TargetOf(series.Id).Definition.Unit);
    }

    [Fact]
    public void What_the_agent_derives_again_is_the_same_series_and_other_labels_make_it_another()
    {
        var catalog = new SeriesCatalog();
        Series source = Register(catalog);
        Assert.True(Derive(source, out Series? first));
        Assert.True(Derive(source, out Series? again));
        Assert.Equal(first.Id, again.Id);

        catalog.Use(ReportRules.None);
        Assert.True(Derive(Register(catalog, room: "2.18"), out Series? moved));

        Assert.Equal("2.18", moved.Definition.Labels["room"]);
        Assert.NotEqual(first.Id, moved.Id);

        bool Derive(Series of, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Series? series) =>
            catalog.TryDerive(of, "s:alarm", "", SeriesKind.Boolean, SpoolLane.Alarm, TimeSpan.Zero, out series);
    }

    private static Series Register(
        SeriesCatalog catalog, string unit = "Cel", string room = "2.17", SeriesKind kind = SeriesKind.Number, SpoolLane lane = SpoolLane.Live, int seconds = 10)
    {
        Assert.True(catalog.TryRegister(
            "s", unit, new Dictionary<string, string> { ["room"] = room }, kind, lane, out Series? series, TimeSpan.FromSeconds(seconds)));
        return series;
    }
}
