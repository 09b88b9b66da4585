using System.Text;
using EdgeAgent.Sensors.Mqtt.Mapping;

namespace EdgeAgent.Tests.Sensors.Mqtt;

public sealed class TopicPatternTests
{
    [Theory]
    [InlineData("site/{room}/env/{q}", "site/+/env/+", 4)]
    [InlineData("$share/group/site/{room}/#", "$share/group/site/+/#", 2)]
    [InlineData("#", "#", 0)]
    public void A_named_level_is_a_plus_for_the_broker(string pattern, string filter, int fixedLevels)
    {
        Assert.True(TopicPattern.TryParse(pattern, out TopicPattern? parsed, out _));
        Assert.Equal(filter, parsed.Filter);
        Assert.Equal(fixedLevels, parsed.FixedLevels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b#")]
    [InlineData("a+/b")]
    [InlineData("#/a")]
    [InlineData("{a}/{a}")]
    [InlineData("{}/a")]
    [InlineData("{1}/a")]
    [InlineData("{topic}")]
    [InlineData("x{a}/b")]
    [InlineData("$share/group")]
    public void What_is_no_pattern_is_told_in_words(string pattern)
    {
        Assert.False(TopicPattern.TryParse(pattern, out _, out string problem));
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{a}")]
    [InlineData("{2}")]
    [InlineData("{#}")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{0")]
    [InlineData("a}{0}")]
    public void A_template_may_only_say_what_the_topic_gives(string template)
    {
        Assert.True(TopicPattern.TryParse("x/{y}", out TopicPattern? pattern, out _));
        Assert.False(TopicTemplate.TryParse(template, pattern, out _, out string problem));
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_levels_of_a_shared_subscription_count_without_its_group()
    {
        Assert.True(TopicPattern.TryParse("$share/group/site/{room}", out TopicPattern? pattern, out _));
        Assert.True(TopicTemplate.TryParse("{0}.{room}", pattern, out TopicTemplate? template, out _));
        Assert.True(pattern.Matches(Encoding.UTF8.GetBytes("site/office")));
        Assert.Equal("site.office", template.Expand(["site", "office"]));
    }
}
