using System.Text;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Mqtt.Mapping;

namespace EdgeAgent.Tests.Sensors.Mqtt;

public sealed class PayloadTimeTests
{
    [Theory]
    [InlineData("2026-01-02T03:04:05Z", 1_767_323_045_000_000_000)]
    [InlineData("2026-01-02T03:04:05", 1_767_323_045_000_000_000)]
    [InlineData("2026-01-02t03:04:05z", 1_767_323_045_000_000_000)]
    [InlineData("2026-01-02 03:04:05Z", 1_767_323_045_000_000_000)]
    [InlineData("2026-01-02T03:04Z", 1_767_323_040_000_000_000)]
    [InlineData("2026-01-02T03:04:05.123456789Z", 1_767_323_045_123_456_789)]
    [InlineData("2026-01-02T03:04:05,5Z", 1_767_323_045_500_000_000)]
    [InlineData("2026-01-02T03:04:05.1234567891234Z", 1_767_323_045_123_456_789)]
    [InlineData("2026-01-02T05:04:05+02:00", 1_767_323_045_000_000_000)]
    [InlineData("2026-01-02T05:04:05+0200", 1_767_323_045_000_000_000)]
    [InlineData("2026-01-02T05:04:05+02", 1_767_323_045_000_000_000)]
    [InlineData("2026-01-01T21:34:05-05:30", 1_767_323_045_000_000_000)]
    [InlineData("2026-01-02T03:03:60Z", 1_767_323_040_000_000_000)]
    [InlineData("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000)]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    public void Iso_8601_is_read_to_the_nanosecond_and_without_an_offset_it_is_utc(string text, long nanoseconds)
    {
        Assert.True(PayloadTime.TryParse(Encoding.ASCII.GetBytes(text), TimeFormat.Iso8601, out long parsed));
        Assert.Equal(nanoseconds, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-02")]
    [InlineData("2026-01-02T")]
    [InlineData("2026-13-02T03:04:05Z")]
    [InlineData("2026-02-29T03:04:05Z")]
    [InlineData("2026-01-00T03:04:05Z")]
    [InlineData("2026-01-02T24:00:00Z")]
    [InlineData("2026-01-02T03:60:05Z")]
    [InlineData("2026-01-02T03:04:61Z")]
    [InlineData("2026-01-02T03:04:05.Z")]
    [InlineData("2026-01-02T03:04:05+")]
    [InlineData("2026-01-02T03:04:05+02:")]
    [InlineData("2026-01-02T03:04:05+24:00")]
    [InlineData("2026-01-02T03:04:05Zx")]
    [InlineData("20260102T030405Z")]
    [InlineData("9999-01-02T03:04:05Z")]
    [InlineData("1767323045")]
    public void Anything_else_is_no_timestamp(string text) =>
        Assert.False(PayloadTime.TryParse(Encoding.ASCII.GetBytes(text), TimeFormat.Iso8601, out _));

    [Theory]
    [InlineData("s", "1767323045", 1_767_323_045_000_000_000)]
    [InlineData("s", "1767323045.123456789", 1_767_323_045_123_456_789)]
    [InlineData("s", "1.767323045e9", 1_767_323_045_000_000_000)]
    [InlineData("s", "\"1767323045\"", 1_767_323_045_000_000_000)]
    [InlineData("ms", "1767323045123", 1_767_323_045_123_000_000)]
    [InlineData("us", "1767323045123456", 1_767_323_045_123_456_000)]
    [InlineData("ns", "1767323045123456789", 1_767_323_045_123_456_789)]
    public void A_number_of_seconds_and_its_fractions_is_exact(string format, string stamp, long nanoseconds)
    {
        using var fixture = Fixture(format);

        Assert.Equal(nanoseconds, fixture.MapOne("t", $$"""{"v": 1, "ts": {{stamp}}}""").UnixNanoseconds);
    }

    [Theory]
    [InlineData("s", "-1")]
    [InlineData("s", "9e20")]
    [InlineData("ns", "\"tomorrow\"")]
    [InlineData("ms", "true")]
    [InlineData("iso8601", "null")]
    [InlineData("iso8601", "{}")]
    public void A_timestamp_that_is_none_discards_the_message_by_name(string format, string stamp)
    {
        using var fixture = Fixture(format);

        Assert.Equal(DiscardCause.TimeMalformed, fixture.Discard("t", $$"""{"v": 1, "ts": {{stamp}}}"""));
        Assert.Equal(DiscardCause.TimeMalformed, fixture.Discard("t", """{"v": 1}"""));
    }

    [Theory]
    [InlineData("2026-06-01T12:10:00Z", true)]
    [InlineData("2026-06-01T12:10:01Z", false)]
    [InlineData("2025-05-31T12:00:00Z", true)]
    [InlineData("2025-05-31T11:59:59Z", false)]
    [InlineData("1970-01-01T00:00:07Z", false)]
    public void A_timestamp_far_from_the_agents_clock_is_out_of_bounds(string stamp, bool isWithin)
    {
        using var fixture = Fixture("iso8601");
        string payload = $$"""{"v": 1, "ts": "{{stamp}}"}""";

        if (isWithin)
        {
            fixture.MapOne("t", payload);
        }
        else
        {
            Assert.Equal(DiscardCause.TimeOutOfBounds, fixture.Discard("t", payload));
        }
    }

    [Fact]
    public void A_clock_without_a_battery_does_not_judge_the_devices_timestamps()
    {
        using var fixture = Fixture("iso8601", now: DateTimeOffset.UnixEpoch.AddSeconds(12));

        Assert.Equal(1_767_323_045_000_000_000, fixture.MapOne("t", """{"v": 1, "ts": "2026-01-02T03:04:05Z"}""").UnixNanoseconds);
        Assert.Equal(DiscardCause.TimeOutOfBounds, fixture.Discard("t", """{"v": 1, "ts": "1970-01-01T00:00:09Z"}"""));
    }

    [Fact]
    public void What_the_rule_allows_by_the_clock_as_it_is_stays_allowed_while_that_is_not_known()
    {
        using var fixture = Fixture("iso8601", ", \"maximumAge\": \"20000d\"", DateTimeOffset.UnixEpoch.AddSeconds(12));

        Assert.Equal(1_424_944_800_000_000_000, fixture.MapOne("t", """{"v": 1, "ts": "2015-02-26T10:00:00Z"}""").UnixNanoseconds);
    }

    [Fact]
    public void A_message_may_fall_back_to_its_arrival_and_is_uncertain_then()
    {
        using var fixture = Fixture("iso8601", ", \"otherwise\": \"arrival\"");

        foreach (string payload in (string[])["""{"v": 1, "ts": "1970-01-01T00:00:09Z"}""", """{"v": 1}"""])
        {
            var reading = fixture.MapOne("t", payload);
            Assert.Equal(fixture.Now, reading.UnixNanoseconds);
            Assert.Equal(Quality.Uncertain, reading.Quality);
        }
    }

    [Fact]
    public void All_values_of_a_message_have_one_time()
    {
        using var fixture = new MappingFixture("""[{ "topic": "t", "series": "s" }]""");

        Assert.Equal(fixture.Now, fixture.MapOne("t", "1").UnixNanoseconds);
    }

    private static MappingFixture Fixture(string format, string more = "", DateTimeOffset? now = null) => new($$"""
        [{ "topic": "t", "series": "s", "payload": "json", "values": [{ "pointer": "/v" }], "time": { "pointer": "/ts", "format": "{{format}}"{{more}} } }]
        """);
}
