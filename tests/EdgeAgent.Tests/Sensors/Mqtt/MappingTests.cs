using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Tests.Sensors.Mqtt;

public sealed class MappingTests
{
    [Theory]
    [InlineData("site/{room}/env/{quantity}", "{room}/{quantity}", "site/office/env/temperature", "office/temperature")]
    [InlineData("site/+/env/+", "{1}/{3}", "site/office/env/temperature", "office/temperature")]
    [InlineData("site/+/env/#", "{1}:{#}", "site/office/env/a/b", "office:a/b")]
    [InlineData("site/#", "x{#}", "site", "x")]
    [InlineData("#", "{topic}", "a/b/c", "a/b/c")]
    [InlineData("{a}/{b}", "{b}.{0}.{topic}", "1/2", "2.1.1/2")]
    [InlineData("sensor", "fixed", "sensor", "fixed")]
    [InlineData("+/x", "{0}", "/x", null)]
    [InlineData("größe/{ort}", "{ort}", "größe/Zürich", "Zürich")]
    public void A_series_is_named_by_the_levels_of_its_topic(string pattern, string template, string topic, string? name)
    {
        using var fixture = new MappingFixture($$"""[{ "topic": "{{pattern}}", "series": "{{template}}" }]""");

        if (name is null)
        {
            Assert.Equal(DiscardCause.NameMalformed, fixture.Discard(topic, "1"));
        }
        else
        {
            Assert.Equal([$"{name}=1"], fixture.Map(topic, "1"));
        }
    }

    [Theory]
    [InlineData("number", "21.5", "s=21.5")]
    [InlineData("number", " 21.5\n", "s=21.5")]
    [InlineData("number", "-1e3", "s=-1000")]
    [InlineData("number", "+7", "s=7")]
    [InlineData("number", "0.1", "s=0.1")]
    [InlineData("number", "nan", "s!NotReady")]
    [InlineData("number", "Infinity", "s!OutOfRange")]
    [InlineData("number", "1e999", "s!OutOfRange")]
    [InlineData("boolean", "true", "s=True")]
    [InlineData("boolean", "ON", "s=True")]
    [InlineData("boolean", "1", "s=True")]
    [InlineData("boolean", " off ", "s=False")]
    [InlineData("boolean", "No", "s=False")]
    [InlineData("text", "läuft", "s=läuft")]
    [InlineData("text", "", "s=")]
    public void A_plain_payload_is_one_value(string kind, string payload, string expected)
    {
        using var fixture = new MappingFixture($$"""[{ "topic": "t", "series": "s", "payload": "{{kind}}" }]""");

        Assert.Equal([expected], fixture.Map("t", payload));
    }

    [Theory]
    [InlineData("number", "")]
    [InlineData("number", "21,5")]
    [InlineData("number", "21.5 C")]
    [InlineData("number", "0x10")]
    [InlineData("number", "true")]
    [InlineData("boolean", "2")]
    [InlineData("boolean", "")]
    public void A_payload_of_another_kind_is_discarded_by_name(string kind, string payload)
    {
        using var fixture = new MappingFixture($$"""[{ "topic": "t", "series": "s", "payload": "{{kind}}" }]""");

        Assert.Equal(DiscardCause.PayloadMalformed, fixture.Discard("t", payload));
    }

    [Fact]
    public void The_first_rule_that_matches_is_the_one()
    {
        using var fixture = new MappingFixture("""[{ "topic": "a/b", "series": "first" }, { "topic": "a/+", "series": "second" }]""");

        Assert.Equal(["first=1"], fixture.Map("a/b", "1"));
        Assert.Equal(["second=2"], fixture.Map("a/c", "2"));
        Assert.Equal(DiscardCause.Unmatched, fixture.Discard("b", "3"));
    }

    [Fact]
    public void A_document_gives_a_reading_for_each_value_that_is_picked()
    {
        using var fixture = new MappingFixture("""
            [{ "topic": "m/{id}", "series": "{id}", "payload": "json", "values": [
              { "pointer": "/a", "suffix": "/a", "unit": "V" },
              { "pointer": "/b/c~1d/1/~0e", "suffix": "/deep" },
              { "pointer": "/on", "suffix": "/on", "kind": "boolean" },
              { "pointer": "/state", "suffix": "/state", "kind": "text" },
              { "pointer": "/a", "suffix": "/again", "kind": "text" },
              { "pointer": "/0", "suffix": "/zero", "optional": true }] }]
            """);

        string[] readings = fixture.Map("m/7", """
            { "ignored": { "a": 9, "b": [1, { "c/d": 2 }] }, "state": "l\u00e4uft \"gut\"", "b": { "c/d": [{ "~e": 1 }, { "x": 0, "~e": "2.5" }] },
              "a": 230.1, "on": true, "rest": [] }
            """);

        Assert.Equal(["7/a=230.1", "7/deep=2.5", "7/on=True", "7/state=läuft \"gut\"", "7/again=230.1"], readings);
        Assert.Equal("V", fixture.Catalog[new SeriesId(0)].Definition.Unit);
        Assert.Equal(0, fixture.Metrics.ReadingsDropped.Sum);
    }

    [Fact]
    public void A_document_that_is_a_value_or_an_array_is_picked_like_any_other()
    {
        using var fixture = new MappingFixture("""
            [{ "topic": "value", "series": "v", "payload": "json", "values": [{ "pointer": "" }] },
             { "topic": "array", "series": "a", "payload": "json", "values": [{ "pointer": "/1" }, { "pointer": "/2/x", "suffix": "x" }] }]
            """);

        Assert.Equal(["v=5"], fixture.Map("value", "5"));
        Assert.Equal(["a=20", "ax=3"], fixture.Map("array", """[10, 20, {"x": 3}]"""));
    }

    [Fact]
    public void Null_is_a_reading_that_says_there_was_no_value()
    {
        using var fixture = new MappingFixture("""[{ "topic": "t", "series": "s", "payload": "json", "values": [{ "pointer": "/v" }] }]""");

        Assert.Equal(["s!NotReady"], fixture.Map("t", """{"v": null}"""));
    }

    [Fact]
    public void A_value_that_is_missing_or_malformed_costs_no_other_value_and_is_counted()
    {
        using var fixture = new MappingFixture("""
            [{ "topic": "t", "series": "s", "payload": "json", "values": [
              { "pointer": "/a", "suffix": "a" }, { "pointer": "/b", "suffix": "b" }, { "pointer": "/c", "suffix": "c" }, { "pointer": "/d", "suffix": "d", "optional": true }] }]
            """);

        Assert.Equal(["sc=3"], fixture.Map("t", """{"b": {"x": 1}, "c": 3}"""));
        Assert.Equal(1, fixture.Metrics.ReadingsDropped[DropCause.ValueMissing]);
        Assert.Equal(1, fixture.Metrics.ReadingsDropped[DropCause.ValueMalformed]);
    }

    [Fact]
    public void Labels_come_from_the_device_and_from_the_topic_and_the_nearer_one_wins()
    {
        using var fixture = new MappingFixture(
            """[{ "topic": "{room}/{q}", "labels": { "room": "{room}", "site": "own" }, "lane": "alarm" }]""", deviceLabels: """{ "site": "bern", "cabinet": "3" }""");

        fixture.MapOne("office/co2", "1");

        Series series = fixture.Catalog[new SeriesId(0)];
        Assert.Equal(["cabinet=3", "room=office", "site=own"], series.Definition.Labels.Select(label => $"{label.Key}={label.Value}").Order());
        Assert.Equal(SpoolLane.Alarm, series.Lane);
    }

    [Fact]
    public void Topics_that_somebody_invents_end_at_the_catalogs_bound_and_are_counted()
    {
        using var fixture = new MappingFixture("""[{ "topic": "+" }]""", maximumSeries: 3);

        for (int i = 0; i < 10; i++)
        {
            fixture.Send($"topic{i}", "1"u8.ToArray());
        }

        Assert.Equal(3, fixture.Catalog.Count);
        Assert.Equal(7, fixture.Metrics.ReadingsDropped[DropCause.CatalogFull]);
        Assert.Equal(["topic0=1"], fixture.Map("topic0", "1"));
    }

    [Fact]
    public void A_series_keeps_its_kind_and_readings_of_another_are_counted()
    {
        using var fixture = new MappingFixture("""[{ "topic": "a", "series": "s" }, { "topic": "b", "series": "s", "payload": "text" }]""");

        fixture.MapOne("a", "1");

        Assert.Null(fixture.Discard("b", "on"));
        Assert.Equal(1, fixture.Metrics.ReadingsDropped[DropCause.KindMismatch]);
    }

    [Fact]
    public void More_topics_than_are_remembered_change_nothing_but_the_work()
    {
        using var fixture = new MappingFixture("""[{ "topic": "{device}/{n}", "series": "{device}" }]""");

        for (int i = 0; i < 45_000; i++)
        {
            Assert.Equal(1, fixture.Send($"device/{i}", "1"u8.ToArray()).Readings);
        }

        Assert.Equal(1, fixture.Catalog.Count);
    }
}
