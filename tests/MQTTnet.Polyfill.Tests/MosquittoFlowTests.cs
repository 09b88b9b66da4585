using EdgeAgent.Testing;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

/// <summary>How much is in flight, how large it may be, how long a session lasts, and how a connection ends: agreed with a real broker.</summary>
public sealed class MosquittoFlowTests
{
    [InstalledFact("mosquitto")]
    public async Task The_broker_sends_no_more_than_our_receive_maximum_before_something_is_acknowledged_and_then_all()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient subscriber = new MqttClientFactory().CreateMqttClient();
        await subscriber.ConnectAsync(Options(broker).WithReceiveMaximum(5).Build()).InTime();
        var inbox = new Inbox(subscriber, autoAcknowledge: false);
        await subscriber.SubscribeAsync("a", MqttQualityOfServiceLevel.AtLeastOnce).InTime();
        using IMqttClient publisher = new MqttClientFactory().CreateMqttClient();
        await publisher.ConnectAsync(Options(broker).Build()).InTime();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => publisher.PublishStringAsync("a", $"{number}", MqttQualityOfServiceLevel.AtLeastOnce))).InTime();

        List<MqttApplicationMessageReceivedEventArgs> messages = await inbox.NextAsync(5);
        // What the broker would have sent too many is before the answer to this.
        await subscriber.PingAsync().InTime();
        Assert.True(inbox.IsEmpty);

        // mosquitto 2.0.11 sends more than one for an acknowledgement where many are queued. It is served all the same.
        for (int next = 0; next < 50; next++)
        {
            await messages[next].AcknowledgeAsync(CancellationToken.None).InTime();
            if (messages.Count < 50)
            {
                messages.Add(await inbox.NextAsync());
            }
        }
        Assert.Equal(Enumerable.Range(0, 50), messages.Select(message => int.Parse(message.ApplicationMessage.ConvertPayloadToString()!, null)));
    }

    [StricterMosquittoFact("does not heed the receive maximum")]
    public async Task We_send_no_more_than_the_brokers_receive_maximum_and_everything_arrives()
    {
        // mosquitto refuses what exceeds it, or closes the connection.
        await using Mosquitto broker = await Mosquitto.StartAsync(_ => $"{MosquittoSettings.Anonymous}\nmax_inflight_messages 3");
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        MqttClientConnectResult connected = await client.ConnectAsync(Options(broker).Build()).InTime();
        Assert.Equal((ushort)3, connected.ReceiveMaximum);

        MqttClientPublishResult[] results = await Task.WhenAll(Enumerable.Range(0, 300).Select(number =>
            client.PublishStringAsync("a", $"{number}", number % 2 == 0 ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.ExactlyOnce))).InTime();

        Assert.All(results, result => Assert.True(result.IsSuccess));
        Assert.True(client.IsConnected);
    }

    [InstalledFact("mosquitto")]
    public async Task The_broker_keeps_from_us_what_is_larger_than_we_take()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient subscriber = new MqttClientFactory().CreateMqttClient();
        await subscriber.ConnectAsync(Options(broker).WithMaximumPacketSize(200).Build()).InTime();
        var inbox = new Inbox(subscriber);
        await subscriber.SubscribeAsync("a", MqttQualityOfServiceLevel.AtLeastOnce).InTime();
        using IMqttClient publisher = new MqttClientFactory().CreateMqttClient();
        await publisher.ConnectAsync(Options(broker).Build()).InTime();

        foreach (int length in new[] { 100, 1_000, 101 })
        {
            await publisher.PublishStringAsync("a", new string('x', length), MqttQualityOfServiceLevel.AtLeastOnce).InTime();
        }

        Assert.Equal([100, 101], (await inbox.NextAsync(2)).Select(message => (int)message.ApplicationMessage.Payload.Length));
    }

    [StricterMosquittoFact("sends it, and the server closes the connection")]
    public async Task We_keep_from_the_broker_what_is_larger_than_it_takes()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(_ => $"{MosquittoSettings.Anonymous}\nmax_packet_size 200");
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        Assert.Equal(200u, (await client.ConnectAsync(Options(broker).Build()).InTime()).MaximumPacketSize);

        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => client.PublishStringAsync("a", new string('x', 1_000), MqttQualityOfServiceLevel.AtLeastOnce));
        Assert.True((await client.PublishStringAsync("a", new string('x', 100), MqttQualityOfServiceLevel.AtLeastOnce).InTime()).IsSuccess);
    }

    [InstalledFact("mosquitto")]
    public async Task A_session_ends_with_its_connection_unless_an_expiry_is_asked_for()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        foreach ((uint expiry, bool isKept) in new[] { (0u, false), (600u, true), (uint.MaxValue, true) })
        {
            MqttClientOptions options = Options(broker).WithClientId($"expiry-{expiry}").WithCleanStart(false).WithSessionExpiryInterval(expiry).Build();
            using IMqttClient client = new MqttClientFactory().CreateMqttClient();
            Assert.False((await client.ConnectAsync(options).InTime()).IsSessionPresent);
            await client.SubscribeAsync("a", MqttQualityOfServiceLevel.AtLeastOnce).InTime();
            await client.DisconnectAsync().InTime();

            Assert.Equal(isKept, (await client.ConnectAsync(options).InTime()).IsSessionPresent);
        }
    }

    [InstalledFact("mosquitto")]
    public async Task A_session_expires_in_its_time()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        MqttClientOptions options = Options(broker).WithClientId("short").WithCleanStart(false).WithSessionExpiryInterval(1).Build();
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(options).InTime();
        await client.DisconnectAsync().InTime();

        // The broker's clock is what decides, and it counts in seconds.
        await Task.Delay(TimeSpan.FromSeconds(3));

        Assert.False((await client.ConnectAsync(options).InTime()).IsSessionPresent);
    }

    [InstalledFact("mosquitto")]
    public async Task A_broker_that_restarts_without_its_sessions_says_so_and_is_subscribed_to_anew()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        MqttClientOptions options = Options(broker).WithClientId("durable").WithCleanStart(false).WithSessionExpiryInterval(600).Build();
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        var endings = new Endings(client);
        var inbox = new Inbox(client);
        await client.ConnectAsync(options).InTime();
        await client.SubscribeAsync("a", MqttQualityOfServiceLevel.ExactlyOnce).InTime();
        await client.PublishStringAsync("a", "1", MqttQualityOfServiceLevel.ExactlyOnce).InTime();
        await inbox.NextAsync();
        await broker.StopAsync();
        await endings.NextAsync();
        await broker.StartAsync();

        Assert.False((await client.ConnectAsync(options).InTime()).IsSessionPresent);
        await client.SubscribeAsync("a", MqttQualityOfServiceLevel.ExactlyOnce).InTime();
        // The broker numbers its messages from the beginning again.
        await client.PublishStringAsync("a", "2", MqttQualityOfServiceLevel.ExactlyOnce).InTime();
        Assert.Equal("2", (await inbox.NextAsync()).ApplicationMessage.ConvertPayloadToString());
    }

    [InstalledFact("mosquitto")]
    public async Task A_client_whose_session_is_taken_over_hears_of_its_end_at_once()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient first = new MqttClientFactory().CreateMqttClient();
        var endings = new Endings(first);
        await first.ConnectAsync(Options(broker).WithClientId("same").Build()).InTime();
        using IMqttClient second = new MqttClientFactory().CreateMqttClient();
        await second.ConnectAsync(Options(broker).WithClientId("same").Build()).InTime();

        // Debian's mosquitto closes without giving the reason, which others do.
        Assert.True((await endings.NextAsync()).ClientWasConnected);
        Assert.Equal((false, true), (first.IsConnected, second.IsConnected));
    }

    [InstalledFact("mosquitto")]
    public async Task A_broker_that_has_frozen_is_given_up_and_what_was_in_flight_fails()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var network = new TcpRelay(broker.Port);
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            using IMqttClient client = new MqttClientFactory().CreateMqttClient();
            var endings = new Endings(client);
            await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", network.Port)
                .WithProtocolVersion(version).WithKeepAlivePeriod(TimeSpan.FromSeconds(1)).Build()).InTime();
            network.Freeze();
            Task<MqttClientPublishResult> publish = client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.ExactlyOnce);

            await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => publish.InTime());
            Assert.IsType<MqttCommunicationTimedOutException>((await endings.NextAsync()).Exception);
            network.Restore();
        }
    }

    private static MqttClientOptionsBuilder Options(Mosquitto broker) => new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port);
}
