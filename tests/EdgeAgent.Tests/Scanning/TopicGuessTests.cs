using System.Text;
using EdgeAgent.Scanning;

namespace EdgeAgent.Tests.Scanning;

public sealed class TopicGuessTests
{
    [Theory]
    [InlineData("21.5", "number", """{"topic":"t"}""")]
    [InlineData("OFF", "boolean", """{"topic":"t","payload":"boolean"}""")]
    [InlineData("{\"a/b\":1,\"on\":true,\"name\":\"x\",\"in\":{\"c\":2}}", "json",
        """{"topic":"t","payload":"json","values":[{"pointer":"/a~1b","suffix":"/a/b","kind":"number","optional":true},{"pointer":"/on","suffix":"/on","kind":"boolean","optional":true}]}""")]
    [InlineData("{\"name\":\"x\"}", "json", null)]
    [InlineData("{\"a\":1", "text", null)]
    [InlineData("online", "text", null)]
    [InlineData("\u0001\u0002", "bytes", null)]
    public void One_message_tells_the_kind_and_the_rule_that_reads_it(string payload, string kind, string? rule)
    {
        Assert.Equal(new TopicGuess(kind, rule), TopicGuess.Of("t", Encoding.UTF8.GetBytes(payload)));
    }

    [Theory]
    [InlineData("a/{b}")]
    [InlineData("$x/y")]
    public void A_topic_that_a_rule_cannot_name_gets_none(string topic) => Assert.Null(TopicGuess.Of(topic, "1"u8).Rule);
}
