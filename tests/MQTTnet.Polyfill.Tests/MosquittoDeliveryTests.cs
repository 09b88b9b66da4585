using EdgeAgent.Testing;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

public sealed class MosquittoDeliveryTests
{
    [InstalledFact("mosquitto")]
    public async Task Every_message_arrives_once_and_in_order_in_each_version_and_quality()
    {
        const int count = 200;
        await using Mosquitto broker = await Mosquitto.StartAsync();
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            foreach (MqttQualityOfServiceLevel quality in Enum.GetValues<MqttQualityOfServiceLevel>())
            {
                using IMqttClient publisher = await ConnectAsync(broker, version);
                using IMqttClient subscriber = await ConnectAsync(broker, version);
                var inbox = new Inbox(subscriber);
                MqttClientSubscribeResult granted = await subscriber.SubscribeAsync("numbers/+", quality).InTime();
                Assert.Equal((MqttClientSubscribeResultCode)quality, Assert.Single(granted.Items).ResultCode);

                for (int number = 0; number < count; number++)
                {
                    Assert.True((await publisher.PublishStringAsync("numbers/one", $"{number}", quality).InTime()).IsSuccess);
                }
                List<MqttApplicationMessageReceivedEventArgs> received = await inbox.NextAsync(count);

                List<MqttApplicationMessage> messages = received.ConvertAll(message => message.ApplicationMessage);
                Assert.Equal(Enumerable.Range(0, count).Select(number => $"{number}"), messages.Select(message => message.ConvertPayloadToString()));
                Assert.All(messages, message => Assert.Equal((quality, "numbers/one"), (message.QualityOfServiceLevel, message.Topic)));
                Assert.True(inbox.IsEmpty);
                await subscriber.DisconnectAsync().InTime();
                await publisher.DisconnectAsync().InTime();
            }
        }
    }

    [InstalledFact("mosquitto")]
    public async Task A_message_keeps_everything_that_its_publisher_said()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient client = await ConnectAsync(broker, MqttProtocolVersion.V500);
        var inbox = new Inbox(client);
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithSubscriptionIdentifier(7).WithTopicFilter("all/#").Build()).InTime();
        byte[] payload = new byte[300_000];
        new Random(1).NextBytes(payload);

        await client.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic("all/of/it").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithContentType("application/octet-stream").WithResponseTopic("answers").WithCorrelationData([1, 2, 3])
            .WithMessageExpiryInterval(600).WithPayloadFormatIndicator(MqttPayloadFormatIndicator.Unspecified)
            .WithUserProperty("unit", "°C").WithUserProperty("unit", "K").Build()).InTime();
        MqttApplicationMessage message = (await inbox.NextAsync()).ApplicationMessage;

        Assert.Equal(payload, System.Buffers.BuffersExtensions.ToArray(message.Payload));
        Assert.Equal(("application/octet-stream", "answers"), (message.ContentType, message.ResponseTopic));
        Assert.Equal([1, 2, 3], message.CorrelationData);
        Assert.InRange(message.MessageExpiryInterval, 590u, 600u);
        Assert.Equal([new MqttUserProperty("unit", "°C"), new MqttUserProperty("unit", "K")], message.UserProperties);
        Assert.Equal([7u], message.SubscriptionIdentifiers);
    }

    [InstalledFact("mosquitto")]
    public async Task After_unsubscribing_nothing_comes()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            using IMqttClient client = await ConnectAsync(broker, version);
            var inbox = new Inbox(client);
            await client.SubscribeAsync("a").InTime();
            await client.SubscribeAsync("b").InTime();

            MqttClientUnsubscribeResult result = await client.UnsubscribeAsync("a").InTime();
            await client.PublishStringAsync("a", "1").InTime();
            await client.PublishStringAsync("b", "2").InTime();

            Assert.Equal(MqttClientUnsubscribeResultCode.Success, Assert.Single(result.Items).ResultCode);
            Assert.Equal("b", (await inbox.NextAsync()).ApplicationMessage.Topic);
            await client.DisconnectAsync().InTime();
        }
    }

    [InstalledFact("mosquitto")]
    public async Task The_will_is_published_when_the_client_is_lost_and_not_when_it_disconnects()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient watcher = await ConnectAsync(broker, MqttProtocolVersion.V500);
        var inbox = new Inbox(watcher);
        await watcher.SubscribeAsync("wills/#").InTime();

        IMqttClient polite = new MqttClientFactory().CreateMqttClient();
        await polite.ConnectAsync(WithWill(broker, "wills/polite")).InTime();
        await polite.DisconnectAsync().InTime();
        polite.Dispose();
        IMqttClient lost = new MqttClientFactory().CreateMqttClient();
        await lost.ConnectAsync(WithWill(broker, "wills/lost")).InTime();
        lost.Dispose();

        MqttApplicationMessage will = (await inbox.NextAsync()).ApplicationMessage;
        Assert.Equal(("wills/lost", "gone"), (will.Topic, will.ConvertPayloadToString()));
    }

    private static MqttClientOptions WithWill(Mosquitto broker, string topic) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", broker.Port).WithWillTopic(topic).WithWillPayload("gone").Build();

    private static async Task<IMqttClient> ConnectAsync(Mosquitto broker, MqttProtocolVersion version)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        MqttClientConnectResult result = await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithProtocolVersion(version).Build()).InTime();
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        Assert.True(client.IsConnected);
        return client;
    }
}
