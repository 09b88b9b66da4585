using System.Text;

namespace EdgeAgent.Mqtt.Tests;

public sealed class TopicFilterTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player12", false)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("#", "/", true)]
    [InlineData("+", "a", true)]
    [InlineData("+", "a/b", false)]
    [InlineData("+", "/a", false)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/tennis/#", "sport/tennis", true)]
    [InlineData("sport/+/player1", "sport/tennis/player1", true)]
    [InlineData("sport/+/player1", "sport/tennis/x/player1", false)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "A/b", false)]
    [InlineData("a/b", "a/b/", false)]
    [InlineData("a/b/", "a/b", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("$share/group/sport/+", "sport/tennis", true)]
    [InlineData("$share/group/+", "$SYS", false)]
    public void A_filter_matches_as_section_4_7_says(string filter, string topic, bool matches)
    {
        Assert.True(TopicFilter.TryParse(filter, out TopicFilter? parsed));
        Assert.Equal(matches, parsed.Matches(Encoding.UTF8.GetBytes(topic)));
        Assert.Equal(filter, parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sport/tennis#")]
    [InlineData("sport/tennis/#/ranking")]
    [InlineData("sport+")]
    [InlineData("a/++/b")]
    [InlineData("a\0b")]
    [InlineData("$share/")]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share//a")]
    [InlineData("$share/g+/a")]
    public void A_filter_that_breaks_a_rule_is_not_parsed(string filter) => Assert.False(TopicFilter.TryParse(filter, out _));

    [Fact]
    public void A_share_is_told_from_its_filter()
    {
        Assert.True(TopicFilter.TryParse("$share/group/a/#", out TopicFilter? filter));
        Assert.Equal("group", filter.ShareName);
        Assert.Equal("a/#", Encoding.UTF8.GetString(filter.Levels));
    }

    [Fact]
    public void A_topic_may_be_as_long_as_its_length_field_allows_and_no_longer()
    {
        Assert.True(TopicName.IsValid(Encoding.UTF8.GetBytes(new string('a', 65535))));
        Assert.False(TopicName.IsValid(Encoding.UTF8.GetBytes(new string('a', 65536))));
        Assert.False(TopicFilter.TryParse(new string('a', 65536), out _));
    }
}
