using System.Net;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Mqtt;

/// <summary>MQTT sources under one configuration after the other, as the agent applies them.</summary>
public sealed class MqttChangeTests : IDisposable
{
    private const string Listen = """ "listen": "mqtt://127.0.0.1:0" """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedBroker _broker = new();

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_intake_whose_rules_change_keeps_its_listener_and_its_connections_and_maps_by_the_new_ones()
    {
        await using var fixture = new MqttFixture(_folder, $$""" {{Listen}}, "rules": [{ "topic": "t/+", "series": "old/{1}" }] """);
        IPEndPoint intake = await fixture.StartIntakeAsync();
        (RawDevice device, int _) = await RawDevice.ConnectAsync(intake);
        using RawDevice __ = device;
        await device.PublishAsync("t/1", "1", 1);
        Reading before = await fixture.NextAsync();

        await fixture.ApplyAsync($$""" {{Listen}}, "rules": [{ "topic": "t/+", "series": "new/{1}" }] """).WaitAsync(Patience);
        await device.PublishAsync("t/1", "2", 2);
        Reading after = await fixture.NextAsync();

        Assert.Equal(intake, await fixture.IntakeAsync());
        Assert.NotEqual(fixture.SeriesOf(before), fixture.SeriesOf(after));
        Assert.StartsWith("new/", fixture.SeriesOf(after), StringComparison.Ordinal);
        before.Delivery.Committed();
        after.Delivery.Committed();
        Assert.Equal((1, 2), (await device.AcknowledgedAsync(), await device.AcknowledgedAsync()));
    }

    [Fact]
    public async Task An_intake_that_lets_others_in_listens_anew_and_what_it_had_taken_is_acknowledged_first()
    {
        const string rules = """ "rules": [{ "topic": "t/+", "series": "{topic}" }] """;
        await using var fixture = new MqttFixture(_folder, $"{Listen}, {rules}");
        IPEndPoint intake = await fixture.StartIntakeAsync();
        (RawDevice device, int _) = await RawDevice.ConnectAsync(intake);
        using RawDevice __ = device;
        await device.PublishAsync("t/1", "1", 1);
        Reading taken = await fixture.NextAsync();

        Task applying = fixture.ApplyAsync($$""" {{Listen}}, "users": [{ "name": "u", "password": { "value": "p" } }], {{rules}} """);
        Assert.False(applying.IsCompleted);
        taken.Delivery.Committed();
        Assert.Equal(1, await device.AcknowledgedAsync());
        await applying.WaitAsync(Patience);

        IPEndPoint next = await fixture.IntakeAsync();
        Assert.NotEqual(0, (await RawDevice.ConnectAsync(next)).ReturnCode);
        Assert.Equal(0, (await RawDevice.ConnectAsync(next, "u", "p")).ReturnCode);
    }

    [Fact]
    public async Task An_unchanged_broker_keeps_its_connection()
    {
        await using MqttFixture fixture = await StartBrokerAsync();
        await fixture.ApplyAsync(Broker("t/#"), """, "thermal": [ { "series": "cpu" } ] """).WaitAsync(Patience);

        await _broker.PublishAsync(1, "t/a", "1");
        Assert.Equal(1, await fixture.TakeAsync());
        Assert.Equal(1, await _broker.AcknowledgedAsync());
    }

    [Fact]
    public async Task A_changed_broker_acknowledges_what_is_secured_before_it_goes_and_resumes_its_session()
    {
        await using MqttFixture fixture = await StartBrokerAsync();
        await _broker.PublishAsync(1, "t/a", "1");
        Reading taken = await fixture.NextAsync();
        Task applying = fixture.ApplyAsync(Broker("t/+"));
        Assert.False(applying.IsCompleted);
        taken.Delivery.Committed();
        Assert.Equal(1, await _broker.AcknowledgedAsync());
        await applying.WaitAsync(Patience);
        await _broker.AcceptAsync(hasSession: true);

        await _broker.PublishAsync(2, "t/a", "2");
        Assert.Equal(2, await fixture.TakeAsync());
        Assert.Equal(2, await _broker.AcknowledgedAsync());
    }

    [Fact]
    public async Task What_a_changed_broker_left_unsecured_is_known_when_it_comes_again_and_acknowledged_once_it_is_secured()
    {
        await using MqttFixture fixture = await StartBrokerAsync();
        await _broker.PublishAsync(1, "t/a", "1");
        Reading taken = await fixture.NextAsync();
        // Nothing can be acknowledged any more: the change does not wait for it.
        _broker.Break();
        await fixture.UntilAsync(BrokerState.BackingOff);
        await fixture.ApplyAsync(Broker("t/+")).WaitAsync(Patience);
        await _broker.AcceptAsync(hasSession: true);

        await _broker.PublishAsync(1, "t/a", "1", isDuplicate: true);
        await Eventually.TrueAsync(() => fixture.Metrics.MessagesRedelivered.Value == 1, Patience, "the copy is known");
        taken.Delivery.Committed();

        Assert.Equal(1, await _broker.AcknowledgedAsync());
        Assert.True(fixture.IsIdle);
        Assert.Equal(1, fixture.Metrics.ReadingsRead[ReadingSource.MqttBroker]);
    }

    private string Broker(string topic) => $$"""
         "broker": "mqtt://127.0.0.1:{{_broker.Port}}", "clientId": "cabinet-7", "backoffFirst": "1h", "backoffLast": "1h",
        "subscribe": [{ "topic": "{{topic}}", "series": "{topic}" }]
        """;

    private async Task<MqttFixture> StartBrokerAsync()
    {
        var fixture = new MqttFixture(_folder, Broker("t/#"));
        Task accepted = _broker.AcceptAsync(hasSession: true);
        await fixture.StartBrokerAsync();
        await accepted;
        return fixture;
    }
}
