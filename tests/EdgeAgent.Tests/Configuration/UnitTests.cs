using EdgeAgent.Configuration;

namespace EdgeAgent.Tests.Configuration;

public sealed class UnitTests
{
    [Theory]
    [InlineData("60s", 60_000)]
    [InlineData("250ms", 250)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1m500ms", 60_500)]
    [InlineData("0s", 0)]
    public void A_duration_is_digits_and_units_from_the_largest_to_the_smallest(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("60")]
    [InlineData("s")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1S")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999999999999d")]
    [InlineData("40000d")]
    public void Anything_else_is_no_duration(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("64KiB", 65_536)]
    [InlineData("64MiB", 67_108_864)]
    [InlineData("1GiB", 1_073_741_824)]
    [InlineData("10MB", 10_000_000)]
    [InlineData("0B", 0)]
    public void A_size_is_digits_and_a_unit(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("64 KiB")]
    [InlineData("64kib")]
    [InlineData("-1B")]
    [InlineData("1.5MiB")]
    [InlineData("999999999999999GiB")]
    public void Anything_else_is_no_size(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(5_400, "1h30m")]
    [InlineData(60, "1m")]
    [InlineData(0.25, "250ms")]
    [InlineData(0, "0s")]
    public void A_duration_is_written_in_the_shortest_way(double seconds, string text) => Assert.Equal(text, Duration.Format(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("lables", " Did you mean \"labels\"?")]
    [InlineData("LABELS", " Did you mean \"labels\"?")]
    [InlineData("label", " Did you mean \"labels\"?")]
    [InlineData("something", "")]
    public void The_nearest_known_word_is_suggested_where_one_is_near(string written, string suggestion) =>
        Assert.Equal(suggestion, Suggestion.For(written, ["labels", "maximumSeries", "stopWithin"]));
}
