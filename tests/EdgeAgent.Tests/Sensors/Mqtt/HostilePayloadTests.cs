using System.Text;
using EdgeAgent.Diagnostics;

namespace EdgeAgent.Tests.Sensors.Mqtt;

public sealed class HostilePayloadTests
{
    private const string Rules = """
        [{ "topic": "json/#", "series": "j{#}", "payload": "json", "values": [{ "pointer": "/v" }, { "pointer": "/t", "suffix": "t", "kind": "text", "optional": true }] },
         { "topic": "text", "series": "t", "payload": "text" }, { "topic": "name/#", "series": "{#}" }]
        """;

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"v\":1")]
    [InlineData("{\"v\":1}}")]
    [InlineData("{\"v\":1} {\"v\":2}")]
    [InlineData("{'v':1}")]
    [InlineData("{\"v\":01}")]
    [InlineData("{\"v\":1,}")]
    [InlineData("\0\0\0\0")]
    [InlineData("// a comment")]
    public void What_is_not_json_is_discarded_by_name_and_never_fatal(string payload)
    {
        using var fixture = new MappingFixture(Rules);

        Assert.Equal(DiscardCause.JsonMalformed, fixture.Discard("json", payload));
    }

    [Fact]
    public void Nesting_that_would_eat_the_stack_is_discarded()
    {
        using var fixture = new MappingFixture(Rules);

        Assert.Equal(DiscardCause.JsonMalformed, fixture.Discard("json", $$"""{"v": {{new string('[', 100_000)}}"""));
    }

    [Fact]
    public void Bytes_that_are_no_text_never_become_a_text()
    {
        using var fixture = new MappingFixture(Rules);

        Assert.Equal(DiscardCause.PayloadMalformed, fixture.Send("text", [0xFF, 0xFE]).Discarded);
        Assert.Equal(DiscardCause.PayloadMalformed, fixture.Send("text", [0xED, 0xA0, 0x80]).Discarded);
        fixture.Send("json", [.. "{\"v\":1,\"t\":\""u8, 0xFF, .. "\"}"u8]);
        fixture.Send("json", "{\"v\":1,\"t\":\"\\ud800\"}"u8.ToArray());
        fixture.Send("json", [.. "{\"v\":1,\"t\":\"\\n"u8, 0xFF, .. "\"}"u8]);
        Assert.Equal(3, fixture.Metrics.ReadingsDropped[DropCause.ValueMalformed]);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("escaped")]
    public void A_text_that_is_a_document_is_no_state(string how)
    {
        using var fixture = new MappingFixture(Rules);
        string text = how == "plain" ? new string('x', 1_025) : string.Concat(Enumerable.Repeat("\\n", 600));

        Assert.Equal(["j=1"], fixture.Map("json", $$"""{"v": 1, "t": "{{text}}"}"""));
        Assert.Equal(1, fixture.Metrics.ReadingsDropped[DropCause.ValueMalformed]);
    }

    [Fact]
    public void The_last_of_two_equal_keys_counts()
    {
        using var fixture = new MappingFixture(Rules);

        Assert.Equal(["j=2"], fixture.Map("json", """{"v": 1, "v": 2}"""));
    }

    [Fact]
    public void A_topic_that_gives_no_name_is_discarded_and_registers_nothing()
    {
        using var fixture = new MappingFixture(Rules);

        Assert.Equal(DiscardCause.NameMalformed, fixture.Discard("name/" + new string('x', 257), "1"));
        Assert.Equal(DiscardCause.NameMalformed, fixture.Discard("name/a\u0001b", "1"));
        Assert.Equal(DiscardCause.NameMalformed, fixture.Discard("name", "1"));
        Assert.Equal(0, fixture.Catalog.Count);
    }

    [Fact]
    public void Random_bytes_and_random_cuts_of_good_messages_never_throw()
    {
        using var fixture = new MappingFixture(Rules);
        var random = new Random(1);
        byte[] good = Encoding.UTF8.GetBytes("""{"a": [1, {"v": 2}], "v": 21.5, "t": "h\u00e4lt \"an\""}""");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] payload = good[..random.Next(good.Length + 1)];
            for (int flips = random.Next(4); flips > 0 && payload.Length > 0; flips--)
            {
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
            }
            fixture.Send("json", payload);
            fixture.Send("text", payload);
        }
    }
}
