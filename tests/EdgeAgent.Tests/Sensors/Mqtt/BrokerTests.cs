using System.Net;
using System.Net.Sockets;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Mqtt;

public sealed class BrokerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [InstalledFact("mosquitto", "mosquitto_pub")]
    public async Task A_message_is_acknowledged_when_it_is_committed_and_in_the_order_of_arrival()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttFixture fixture = Fixture(broker.Port);
        await fixture.StartBrokerAsync();

        await MosquittoPub.SendAsync(broker.Port, "t/1", "1");
        await MosquittoPub.SendAsync(broker.Port, "t/2", "2");
        Reading first = await fixture.NextAsync();
        Reading second = await fixture.NextAsync();
        Assert.Equal((1.0, 2.0), (first.Number, second.Number));

        // The second alone may not be acknowledged: MQTT wants the order of arrival.
        second.Delivery.Committed();
        Assert.Equal(0, fixture.Metrics.MessagesAcknowledged.Sum);
        first.Delivery.Committed();
        await Eventually.TrueAsync(() => fixture.Metrics.MessagesAcknowledged[ReadingSource.MqttBroker] == 2, TimeSpan.FromSeconds(20), "both are acknowledged");
    }

    [InstalledFact("mosquitto", "mosquitto_pub")]
    public async Task What_is_published_while_the_agent_is_away_waits_in_its_session()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using (MqttFixture first = Fixture(broker.Port))
        {
            await first.StartBrokerAsync();
        }
        await MosquittoPub.SendAsync(broker.Port, "t/1", "1");
        await MosquittoPub.SendAsync(broker.Port, "t/1", "2");

        await using MqttFixture second = Fixture(broker.Port);
        await second.StartBrokerAsync();

        Assert.Equal(1, await second.TakeAsync());
        Assert.Equal(2, await second.TakeAsync());
    }

    [InstalledFact("mosquitto", "mosquitto_pub")]
    public async Task What_was_not_committed_comes_again_in_the_next_run()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using (MqttFixture first = Fixture(broker.Port))
        {
            await first.StartBrokerAsync();
            await MosquittoPub.SendAsync(broker.Port, "t/1", "1");
            (await first.NextAsync()).Delivery.Failed();
        }

        await using MqttFixture second = Fixture(broker.Port);
        await second.StartBrokerAsync();

        Assert.Equal(1, await second.TakeAsync());
    }

    [InstalledFact("mosquitto", "mosquitto_pub")]
    public async Task A_copy_that_comes_after_a_broken_connection_is_recognised_and_taken_once()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var network = new TcpRelay(broker.Port);
        await using MqttFixture fixture = Fixture(network.Port);
        await fixture.StartBrokerAsync();
        await MosquittoPub.SendAsync(broker.Port, "t/1", "1");
        await MosquittoPub.SendAsync(broker.Port, "t/1", "1");
        Reading committedWhileAway = await fixture.NextAsync();
        Reading committedLater = await fixture.NextAsync();

        network.Cut();
        await fixture.UntilAsync(BrokerState.BackingOff);
        committedWhileAway.Delivery.Committed();
        network.Restore();
        await Eventually.TrueAsync(() => fixture.Metrics.MessagesRedelivered.Value == 2, TimeSpan.FromSeconds(20), "both have come again");
        committedLater.Delivery.Committed();
        await Eventually.TrueAsync(() => fixture.Metrics.MessagesAcknowledged.Sum == 2, TimeSpan.FromSeconds(20), "both are acknowledged");

        await MosquittoPub.SendAsync(broker.Port, "t/1", "3");
        Assert.Equal(3, await fixture.TakeAsync());
        Assert.Equal(3, fixture.Metrics.ReadingsRead.Sum);
    }

    [InstalledFact("mosquitto", "mosquitto_pub")]
    public async Task A_broker_that_is_away_is_a_state_that_the_log_tells_once()
    {
        int port = Loopback.FreePort();
        await using MqttFixture fixture = Fixture(port);
        await fixture.StartAsync();
        await fixture.UntilAsync(BrokerState.BackingOff);

        await using Mosquitto broker = await Mosquitto.StartAsync(port: port);
        await fixture.UntilAsync(BrokerState.Receiving);

        await MosquittoPub.SendAsync(broker.Port, "t/1", "1");
        Assert.Equal(1, await fixture.TakeAsync());
        Assert.Single(fixture.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("is away", StringComparison.Ordinal));
        Assert.Single(fixture.Log.Lines, line => line.Contains("is connected by MQTT V500", StringComparison.Ordinal));
    }

    [InstalledFact("mosquitto", "mosquitto_pub")]
    public async Task What_gives_no_reading_is_acknowledged_and_does_not_hold_up_what_follows()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttFixture fixture = Fixture(broker.Port);
        await fixture.StartBrokerAsync();

        await MosquittoPub.SendAsync(broker.Port, "t/1", "warm");
        await MosquittoPub.SendAsync(broker.Port, "t/1", "2");
        (await fixture.NextAsync()).Delivery.Committed();

        await Eventually.TrueAsync(() => fixture.Metrics.MessagesAcknowledged.Sum == 2, TimeSpan.FromSeconds(20), "both are acknowledged");
        Assert.Equal(1, fixture.Metrics.MessagesDiscarded[DiscardCause.PayloadMalformed]);
    }

    [InstalledFact("mosquitto", "mosquitto_pub")]
    public async Task Thousands_of_messages_ahead_of_a_small_receive_maximum_come_once_each_and_are_all_acknowledged()
    {
        const int count = 3_000;
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttFixture fixture = Fixture(broker.Port, "\"receiveMaximum\": 20,");
        await fixture.StartBrokerAsync();
        File.WriteAllLines(_folder["lines"], Enumerable.Range(0, count).Select(number => $"{number}"));

        Task publishing = MosquittoPub.SendLinesAsync(broker.Port, "t/1", _folder["lines"], TimeSpan.FromSeconds(20));
        for (int number = 0; number < count; number++)
        {
            Assert.Equal(number, await fixture.TakeAsync());
        }

        await publishing;
        await Eventually.TrueAsync(() => fixture.Metrics.MessagesAcknowledged.Sum == count, TimeSpan.FromSeconds(20), "all are acknowledged");
        Assert.Equal(0, fixture.Metrics.MessagesRedelivered.Value);
    }

    [InstalledFact("mosquitto", "mosquitto_pub")]
    public async Task The_retained_message_is_taken_where_it_is_wanted_and_left_where_not()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await MosquittoPub.SendAsync(broker.Port, "t/1", "1", "-r");

        await using (MqttFixture wants = Fixture(broker.Port, "\"clientId\": \"a\","))
        {
            await wants.StartBrokerAsync();
            Assert.Equal(1, await wants.TakeAsync());
        }
        await using MqttFixture leaves = Fixture(broker.Port, "\"clientId\": \"b\", \"retained\": false,");
        await leaves.StartBrokerAsync();
        await MosquittoPub.SendAsync(broker.Port, "t/1", "2");
        Assert.Equal(2, await leaves.TakeAsync());
    }

    [InstalledFact("mosquitto", "mosquitto_pub", "mosquitto_passwd")]
    public async Task Tls_checks_the_broker_and_the_password_is_shown_only_to_it()
    {
        using var authority = new TestAuthority();
        File.WriteAllText(_folder["broker-ca.crt"], authority.RootPem);
        using var stranger = new TestAuthority("A stranger");
        File.WriteAllText(_folder["stranger.crt"], stranger.RootPem);
        await using Mosquitto broker = await Mosquitto.StartAsync(folder =>
            $"{MosquittoSettings.Tls(folder, authority, requireCertificate: false)}\n{MosquittoSettings.Password(folder, "agent", "sesame")}");
        string Entry(string authorityFile, string password) => $$"""
            "broker": "mqtts://localhost:{{broker.Port}}", "ca": "{{authorityFile}}", "username": "agent", "password": { "value": "{{password}}" },
            "backoffFirst": "10ms", "backoffLast": "50ms", "subscribe": [{ "topic": "t/+" }]
            """;

        await using (var right = new MqttFixture(_folder, Entry("broker-ca.crt", "sesame")))
        {
            await right.StartBrokerAsync();
        }
        foreach ((string authorityFile, string password) in ((string, string)[])[("stranger.crt", "sesame"), ("broker-ca.crt", "wrong")])
        {
            await using var wrong = new MqttFixture(_folder, Entry(authorityFile, password));
            await wrong.StartAsync();
            await wrong.UntilAsync(BrokerState.BackingOff);
            Assert.DoesNotContain(wrong.Log.Lines, line => line.Contains(password, StringComparison.Ordinal) || line.Contains("is connected", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_broker_that_only_speaks_3_1_1_is_spoken_to_in_3_1_1()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<List<byte>> levels = ServeOnly311Async(listener);
        await using MqttFixture fixture = Fixture(((IPEndPoint)listener.LocalEndpoint).Port);

        await fixture.StartBrokerAsync();

        Assert.Equal([5, 4], await levels);
        Assert.Contains(fixture.Log.Lines, line => line.Contains("is connected by MQTT V311", StringComparison.Ordinal));
    }

    private MqttFixture Fixture(int port, string more = "") => new(_folder, $$"""
        "broker": "mqtt://127.0.0.1:{{port}}", {{more}} "backoffFirst": "10ms", "backoffLast": "100ms", "subscribe": [{ "topic": "t/+", "series": "{topic}" }]
        """);

    /// <summary>Answers protocol level 5 as a 3.1.1 broker must: return code 1, and the connection's end.</summary>
    private static async Task<List<byte>> ServeOnly311Async(TcpListener listener)
    {
        var levels = new List<byte>();
        while (true)
        {
            TcpClient client = await listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            // Fixed header (2 bytes for such a short packet), "MQTT" with its length (6), then the level.
            var packet = new byte[512];
            await stream.ReadAtLeastAsync(packet, 9);
            levels.Add(packet[8]);
            if (packet[8] != 4)
            {
                await stream.WriteAsync((byte[])[0x20, 2, 0, 1]);
                client.Dispose();
                continue;
            }
            await stream.WriteAsync((byte[])[0x20, 2, 0, 0]);
            await stream.ReadAtLeastAsync(packet, 4);
            Assert.Equal(0x82, packet[0]);
            await stream.WriteAsync((byte[])[0x90, 3, packet[2], packet[3], 1]);
            // The connection stays open: it ends with the test's process.
            return levels;
        }
    }
}
