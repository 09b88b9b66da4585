using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

public sealed class ScriptedExactlyOnceTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [StricterFact("keeps no packet ids, and hands it over again")]
    public async Task A_message_that_was_taken_is_not_handed_over_again_on_the_next_connection()
    {
        var inbox = new Inbox(_client);
        var endings = new Endings(_client);
        ScriptedConnection first = await _server.ConnectAsync(_client);
        await first.PublishAsync("a", 7, quality: 2, "taken");
        await inbox.NextAsync();
        Assert.Equal((RawPacket.PubRec, 7), Describe(await first.ReadAsync()));
        first.Dispose();
        await endings.NextAsync();

        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        await second.PublishAsync("a", 7, quality: 2, "taken", duplicate: true);
        Assert.Equal((RawPacket.PubRec, 7), Describe(await second.ReadAsync()));
        await second.AnswerAsync(RawPacket.PubRel, 7);
        Assert.Equal((RawPacket.PubComp, 7), Describe(await second.ReadAsync()));
        // The number is free again: what comes under it now is another message.
        await second.PublishAsync("a", 7, quality: 2, "new");

        Assert.Equal("new", (await inbox.NextAsync()).ApplicationMessage.ConvertPayloadToString());
    }

    [Fact]
    public async Task A_message_that_was_not_taken_is_handed_over_again_on_the_next_connection()
    {
        var inbox = new Inbox(_client, autoAcknowledge: false);
        var endings = new Endings(_client);
        ScriptedConnection first = await _server.ConnectAsync(_client);
        await first.PublishAsync("a", 7, quality: 2);
        await inbox.NextAsync();
        first.Dispose();
        await endings.NextAsync();

        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        await second.PublishAsync("a", 7, quality: 2, duplicate: true);
        Assert.True((await inbox.NextAsync()).ApplicationMessage.Dup);
    }

    [Fact]
    public async Task A_server_without_the_session_begins_with_fresh_packet_ids()
    {
        var inbox = new Inbox(_client);
        var endings = new Endings(_client);
        ScriptedConnection first = await _server.ConnectAsync(_client);
        await first.PublishAsync("a", 7, quality: 2, "old");
        await inbox.NextAsync();
        Assert.Equal(RawPacket.PubRec, (await first.ReadAsync()).Type);
        first.Dispose();
        await endings.NextAsync();

        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: false);
        await second.PublishAsync("a", 7, quality: 2, "new");
        Assert.Equal("new", (await inbox.NextAsync()).ApplicationMessage.ConvertPayloadToString());
    }

    [Fact]
    public async Task A_publish_completes_on_PUBCOMP_and_not_before()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        Task<MqttClientPublishResult> publish = _client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.ExactlyOnce);
        ushort id = (await connection.ReadAsync()).PublishId;
        await connection.AnswerAsync(RawPacket.PubRec, id);
        Assert.Equal((RawPacket.PubRel, id), Describe(await connection.ReadAsync()));
        Assert.False(publish.IsCompleted);
        await connection.AnswerAsync(RawPacket.PubComp, id);

        MqttClientPublishResult result = await publish.InTime();
        Assert.Equal((id, true), (result.PacketIdentifier, result.IsSuccess));
    }

    [StricterFact("begins with packet id 1 on every connection")]
    public async Task A_publish_that_lost_its_connection_is_released_before_its_number_is_used_again()
    {
        var endings = new Endings(_client);
        ScriptedConnection first = await _server.ConnectAsync(_client);
        Task<MqttClientPublishResult> publish = _client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.ExactlyOnce);
        ushort id = (await first.ReadAsync()).PublishId;
        await first.AnswerAsync(RawPacket.PubRec, id);
        await first.ReadAsync();
        first.Dispose();
        await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => publish.InTime());
        await endings.NextAsync();

        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        Assert.Equal((RawPacket.PubRel, id), Describe(await second.ReadAsync()));
        _ = _client.PublishStringAsync("a", "y", MqttQualityOfServiceLevel.ExactlyOnce);
        Assert.NotEqual(id, (await second.ReadAsync()).PublishId);
    }

    private static (int Type, int Id) Describe(RawPacket packet) => (packet.Type, packet.PacketId);
}
