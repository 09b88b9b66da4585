using System.Text;

namespace EdgeAgent.Tests.Sensors.Mqtt;

public sealed class MappingAllocationTests
{
    [Theory]
    [InlineData("number", "21.5", "")]
    [InlineData("boolean", "on", "")]
    [InlineData("text", "running", "")]
    [InlineData("json", """{"ts": "2026-06-01T12:00:00.5+02:00", "v": 230.1, "p": {"a": 412}, "on": true, "s": "l\u00e4uft"}""",
        """
        , "time": { "pointer": "/ts" }, "values": [{ "pointer": "/v" }, { "pointer": "/p/a", "suffix": "a" },
          { "pointer": "/on", "suffix": "b", "kind": "boolean" }, { "pointer": "/s", "suffix": "c", "kind": "text" }]
        """)]
    public void A_message_of_a_known_topic_allocates_nothing(string kind, string payload, string more)
    {
        using var fixture = new MappingFixture($$"""[{ "topic": "site/{room}/env/{q}", "series": "{room}/{q}", "payload": "{{kind}}"{{more}} }]""");
        byte[][] topics = [.. Enumerable.Range(0, 20).Select(i => Encoding.UTF8.GetBytes($"site/room{i}/env/temperature"))];
        byte[] bytes = Encoding.UTF8.GetBytes(payload);
        var readings = new EdgeAgent.Readings.Reading[fixture.Mapping.MaximumReadings];
        void SendAll()
        {
            foreach (byte[] topic in topics)
            {
                Assert.True(fixture.Mapping.Map(topic, bytes, readings).Readings > 0);
            }
        }
        for (int warm = 0; warm < 50; warm++)
        {
            SendAll();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 500; round++)
        {
            SendAll();
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }
}
