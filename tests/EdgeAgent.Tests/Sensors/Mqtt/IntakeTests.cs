using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Mqtt;

public sealed class IntakeTests : IDisposable
{
    private const string Rules = """
        "rules": [{ "topic": "t/+", "series": "{topic}" },
          { "topic": "j", "series": "j", "payload": "json", "values": [{ "pointer": "/a", "suffix": "a" }, { "pointer": "/b", "suffix": "b" }] }]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_message_is_acknowledged_when_it_is_committed_and_not_before()
    {
        await using var fixture = new MqttFixture(_folder, $""" "listen": "mqtt://127.0.0.1:0", {Rules} """);
        IPEndPoint intake = await fixture.StartIntakeAsync();
        (RawDevice device, int code) = await RawDevice.ConnectAsync(intake);
        using RawDevice _ = device;
        Assert.Equal(0, code);

        await device.PublishAsync("t/1", "21.5", 7);
        await device.PublishAsync("t/2", "22.5", 8);
        Reading first = await fixture.NextAsync();
        Reading second = await fixture.NextAsync();
        Task<int> acknowledged = device.AcknowledgedAsync();

        Assert.Equal((21.5, 22.5), (first.Number, second.Number));
        Assert.True(first.Delivery.IsAwaited && second.Delivery.IsAwaited);
        // Both readings are here, so the intake has dealt with both messages, and still it has said nothing.
        Assert.False(acknowledged.IsCompleted);
        Assert.Equal(0, fixture.Metrics.MessagesAcknowledged.Sum);

        first.Delivery.Committed();
        Assert.Equal(7, await acknowledged);
        second.Delivery.Committed();
        Assert.Equal(8, await device.AcknowledgedAsync());
        Assert.Equal(2, fixture.Metrics.MessagesAcknowledged[ReadingSource.MqttIntake]);
    }

    [Fact]
    public async Task Of_a_message_with_many_values_the_last_reading_carries_the_delivery()
    {
        await using var fixture = new MqttFixture(_folder, $""" "listen": "mqtt://127.0.0.1:0", {Rules} """);
        (RawDevice device, int _) = await RawDevice.ConnectAsync(await fixture.StartIntakeAsync());
        using RawDevice __ = device;

        await device.PublishAsync("j", """{"a": 1, "b": 2}""", 1);
        Reading first = await fixture.NextAsync();
        Reading last = await fixture.NextAsync();

        Assert.False(first.Delivery.IsAwaited);
        Assert.Equal(first.UnixNanoseconds, last.UnixNanoseconds);
        last.Delivery.Committed();
        Assert.Equal(1, await device.AcknowledgedAsync());
    }

    [Fact]
    public async Task What_gives_no_reading_is_acknowledged_counted_by_cause_and_shown_once()
    {
        await using var fixture = new MqttFixture(_folder, $""" "listen": "mqtt://127.0.0.1:0", "retained": false, {Rules} """);
        (RawDevice device, int _) = await RawDevice.ConnectAsync(await fixture.StartIntakeAsync());
        using RawDevice __ = device;

        await device.PublishAsync("nobody/knows", "1", 1);
        await device.PublishAsync("t/1", "warm", 2);
        await device.PublishAsync("j", "{", 3);
        await device.PublishAsync("j", """{"c": 1}""", 4);
        await device.PublishAsync("t/1", "1", 5, isRetained: true);

        for (int id = 1; id <= 5; id++)
        {
            Assert.Equal(id, await device.AcknowledgedAsync());
        }
        Assert.True(fixture.IsIdle);
        Assert.Equal(1, fixture.Metrics.MessagesDiscarded[DiscardCause.Unmatched]);
        Assert.Equal(1, fixture.Metrics.MessagesDiscarded[DiscardCause.PayloadMalformed]);
        Assert.Equal(1, fixture.Metrics.MessagesDiscarded[DiscardCause.JsonMalformed]);
        Assert.Equal(1, fixture.Metrics.MessagesDiscarded[DiscardCause.Retained]);
        Assert.Equal(2, fixture.Metrics.ReadingsDropped[DropCause.ValueMissing]);
        Assert.Single(fixture.Log.Lines, line => line.Contains("discarded a message: Unmatched. Topic nobody/knows, payload of 1 bytes begins 1.", StringComparison.Ordinal));
        Assert.DoesNotContain(fixture.Log.Lines, line => line.Contains("PayloadMalformed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_could_not_be_committed_is_not_acknowledged()
    {
        await using var fixture = new MqttFixture(_folder, $""" "listen": "mqtt://127.0.0.1:0", {Rules} """);
        (RawDevice device, int _) = await RawDevice.ConnectAsync(await fixture.StartIntakeAsync());
        using RawDevice __ = device;
        await device.PublishAsync("t/1", "1", 1);

        (await fixture.NextAsync()).Delivery.Failed();
        Task stopping = fixture.StopAsync();

        // The connection ends without a PUBACK: the device keeps its message.
        await Assert.ThrowsAnyAsync<IOException>(device.AcknowledgedAsync);
        await stopping;
        Assert.Equal(0, fixture.Metrics.MessagesAcknowledged.Sum);
    }

    [Fact]
    public async Task Stopping_waits_until_what_was_taken_is_committed_and_acknowledged()
    {
        await using var fixture = new MqttFixture(_folder, $""" "listen": "mqtt://127.0.0.1:0", {Rules} """);
        (RawDevice device, int _) = await RawDevice.ConnectAsync(await fixture.StartIntakeAsync());
        using RawDevice __ = device;
        await device.PublishAsync("t/1", "1", 9);
        Reading reading = await fixture.NextAsync();

        Task stopping = fixture.StopAsync();
        Assert.False(stopping.IsCompleted);
        reading.Delivery.Committed();

        Assert.Equal(9, await device.AcknowledgedAsync());
        await stopping;
    }

    [Theory]
    [InlineData("alice", "sesame", 0)]
    [InlineData("alice", "wrong", 4)]
    [InlineData("bob", "from-file", 0)]
    [InlineData("bob", "sesame", 4)]
    [InlineData("carol", "", 4)]
    [InlineData(null, null, 5)]
    public async Task Only_a_right_password_lets_a_device_in(string? user, string? password, int returnCode)
    {
        // Made with: mosquitto_passwd -b -c file bob from-file
        File.WriteAllText(_folder["passwords"], PasswordFileTests.Bob + "\n");
        await using var fixture = new MqttFixture(
            _folder, $$""" "listen": "mqtt://127.0.0.1:0", "users": [{ "name": "alice", "password": { "value": "sesame" } }], "passwordFile": "passwords", {{Rules}} """);

        (RawDevice device, int code) = await RawDevice.ConnectAsync(await fixture.StartIntakeAsync(), user, password);

        device.Dispose();
        Assert.Equal(returnCode, code);
    }

    [Fact]
    public async Task With_a_client_authority_only_a_certificate_that_it_signed_lets_a_device_in()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("A stranger");
        using X509Certificate2 server = authority.IssueServer();
        TestAuthority.WritePem(server, _folder.Path, "server");
        File.WriteAllText(_folder["clients.crt"], authority.RootPem);
        await using var fixture = new MqttFixture(
            _folder, $""" "listen": "mqtts://127.0.0.1:0", "certificate": "server.crt", "key": "server.key", "clientCa": "clients.crt", {Rules} """);
        IPEndPoint intake = await fixture.StartIntakeAsync();
        using X509Certificate2 known = authority.IssueDevice("known");
        using X509Certificate2 unknown = stranger.IssueDevice("unknown");

        (RawDevice device, int code) = await RawDevice.ConnectAsync(intake, authority: authority.Root, certificate: known);
        device.Dispose();
        Assert.Equal(0, code);
        await Assert.ThrowsAnyAsync<IOException>(() => RawDevice.ConnectAsync(intake, authority: authority.Root, certificate: unknown));
        await Assert.ThrowsAnyAsync<IOException>(() => RawDevice.ConnectAsync(intake, authority: authority.Root));
    }

    [InstalledFact("mosquitto_pub")]
    public async Task A_foreign_client_of_either_version_is_served()
    {
        await using var fixture = new MqttFixture(_folder, $""" "listen": "mqtt://127.0.0.1:0", {Rules} """);
        IPEndPoint intake = await fixture.StartIntakeAsync();

        foreach (string version in (string[])["mqttv311", "mqttv5"])
        {
            foreach (string qos in (string[])["1", "2"])
            {
                Task<(int ExitCode, string Output)> publishing = ForeignProcess.RunAsync(
                    InstalledFactAttribute.Find("mosquitto_pub")!,
                    ["-V", version, "-h", "127.0.0.1", "-p", $"{intake.Port}", "-q", qos, "-t", "t/x", "-m", "1.5"],
                    TimeSpan.FromSeconds(20));
                Reading reading = await fixture.NextAsync();
                Assert.False(publishing.IsCompleted);
                reading.Delivery.Committed();
                (int exitCode, string output) = await publishing;
                Assert.True(exitCode == 0, output);
            }
        }
    }
}
