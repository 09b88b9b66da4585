using EdgeAgent.Testing;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

public sealed class MosquittoSessionTests
{
    [InstalledFact("mosquitto")]
    public async Task What_is_not_acknowledged_comes_again_on_the_next_connection_and_nothing_else_does()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(_ => $"{MosquittoSettings.Anonymous}\n{MosquittoSettings.ManyInFlight}");
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            foreach (MqttQualityOfServiceLevel quality in new[] { MqttQualityOfServiceLevel.AtLeastOnce, MqttQualityOfServiceLevel.ExactlyOnce })
            {
                string name = $"{version}-{quality}";
                using IMqttClient publisher = new MqttClientFactory().CreateMqttClient();
                await publisher.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).Build()).InTime();
                using IMqttClient subscriber = new MqttClientFactory().CreateMqttClient();
                var inbox = new Inbox(subscriber, autoAcknowledge: false);
                Assert.False((await subscriber.ConnectAsync(Persistent(broker, version, name)).InTime()).IsSessionPresent);
                await subscriber.SubscribeAsync(name, quality).InTime();
                await PublishAsync(publisher, name, quality, 0, 20);

                List<MqttApplicationMessageReceivedEventArgs> first = await inbox.NextAsync(20);
                foreach (MqttApplicationMessageReceivedEventArgs message in first.Take(12))
                {
                    await message.AcknowledgeAsync(CancellationToken.None).InTime();
                }
                await subscriber.PingAsync().InTime();
                await subscriber.DisconnectAsync().InTime();
                Assert.True((await subscriber.ConnectAsync(Persistent(broker, version, name)).InTime()).IsSessionPresent);
                List<MqttApplicationMessageReceivedEventArgs> second = await inbox.NextAsync(8);
                await PublishAsync(publisher, name, quality, 20, 1);

                Assert.Equal(first.Skip(12).Select(Number), second.Select(Number));
                Assert.All(second, message => Assert.True(message.ApplicationMessage.Dup));
                Assert.Equal(20, Number(await inbox.NextAsync()));
                await subscriber.DisconnectAsync().InTime();
            }
        }
    }

    [InstalledFact("mosquitto")]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_broker_is_killed()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(folder => $"{MosquittoSettings.Anonymous}\n{MosquittoSettings.ManyInFlight}\n{MosquittoSettings.Persistent(folder)}");
        using IMqttClient subscriber = new MqttClientFactory().CreateMqttClient();
        await subscriber.ConnectAsync(Persistent(broker, MqttProtocolVersion.V500, "subscriber")).InTime();
        await subscriber.SubscribeAsync("numbers", MqttQualityOfServiceLevel.ExactlyOnce).InTime();
        await subscriber.DisconnectAsync().InTime();
        using IMqttClient publisher = new MqttClientFactory().CreateMqttClient();
        var endings = new Endings(publisher);
        await publisher.ConnectAsync(Persistent(broker, MqttProtocolVersion.V500, "publisher")).InTime();

        await PublishAsync(publisher, "numbers", MqttQualityOfServiceLevel.ExactlyOnce, 0, 100);
        await PublishAsync(publisher, "numbers", MqttQualityOfServiceLevel.AtLeastOnce, 100, 100);
        // A broker keeps on disk what it has acknowledged only from time to time; the test is about the client, so it waits for that.
        await broker.SaveAsync();
        await broker.KillAsync();
        Assert.True((await endings.NextAsync()).ClientWasConnected);
        await Assert.ThrowsAnyAsync<MqttCommunicationException>(
            () => publisher.PublishStringAsync("numbers", "200", MqttQualityOfServiceLevel.AtLeastOnce).InTime());
        await broker.StartAsync();
        var inbox = new Inbox(subscriber);
        Assert.True((await subscriber.ConnectAsync(Persistent(broker, MqttProtocolVersion.V500, "subscriber")).InTime()).IsSessionPresent);
        Assert.True((await publisher.ConnectAsync(Persistent(broker, MqttProtocolVersion.V500, "publisher")).InTime()).IsSessionPresent);
        await PublishAsync(publisher, "numbers", MqttQualityOfServiceLevel.ExactlyOnce, 200, 10);

        Assert.Equal(Enumerable.Range(0, 210), (await inbox.NextAsync(210)).Select(Number).Order());
        Assert.True(inbox.IsEmpty);
    }

    [InstalledFact("mosquitto")]
    public async Task A_silent_connection_is_kept_alive()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithKeepAlivePeriod(TimeSpan.FromSeconds(1)).Build()).InTime();

        // mosquitto gives up on a client after one and a half periods.
        await Task.Delay(TimeSpan.FromSeconds(3.5));

        await client.PingAsync().InTime();
        Assert.True(client.IsConnected);
    }

    private static int Number(MqttApplicationMessageReceivedEventArgs message) => int.Parse(message.ApplicationMessage.ConvertPayloadToString()!, null);

    private static async Task PublishAsync(IMqttClient publisher, string topic, MqttQualityOfServiceLevel quality, int first, int count)
    {
        MqttClientPublishResult[] results = await Task.WhenAll(
            Enumerable.Range(first, count).Select(number => publisher.PublishStringAsync(topic, $"{number}", quality))).InTime();
        Assert.All(results, result => Assert.True(result.IsSuccess));
    }

    private static MqttClientOptions Persistent(Mosquitto broker, MqttProtocolVersion version, string clientId) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", broker.Port).WithProtocolVersion(version).WithClientId(clientId).WithCleanStart(false)
        .WithSessionExpiryInterval(600).Build();
}
