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

    [StricterFact("cannot acknowledge without a connection, and hands it over again")]
    public async Task A_message_that_its_owner_finishes_between_two_connections_is_not_handed_over_again()
    {
        var inbox = new Inbox(_client, autoAcknowledge: false);
        var endings = new Endings(_client);
        ScriptedConnection first = await _server.ConnectAsync(_client);
        await first.PublishAsync("a", 7, quality: 2);
        MqttApplicationMessageReceivedEventArgs message = await inbox.NextAsync();
        first.Dispose();
        await endings.NextAsync();
        await message.AcknowledgeAsync(CancellationToken.None).InTime();

        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        await second.PublishAsync("a", 7, quality: 2, duplicate: true);
        Assert.Equal((RawPacket.PubRec, 7), Describe(await second.ReadAsync()));
        Assert.True(inbox.IsEmpty);
    }

    [StricterFact("cannot acknowledge without a connection, and hands it over again")]
    public async Task A_copy_that_comes_while_the_handler_is_still_at_work_on_the_message_is_not_handed_over()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var leave = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int handled = 0;
        _client.ApplicationMessageReceivedAsync += _ =>
        {
            handled++;
            entered.TrySetResult();
            return leave.Task;
        };
        var endings = new Endings(_client);
        ScriptedConnection first = await _server.ConnectAsync(_client);
        await first.PublishAsync("a", 7, quality: 2);
        await entered.Task.InTime();
        first.Dispose();
        await endings.NextAsync();
        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        await second.PublishAsync("a", 7, quality: 2, duplicate: true);
        Assert.Empty(await second.ReadUpToPingAsync(_client));
        leave.SetResult();

        Assert.Equal((RawPacket.PubRec, 7), Describe(await second.ReadAsync()));
        Assert.Equal(1, handled);
    }

    [StricterFact("keeps no packet ids")]
    public async Task An_acknowledgement_that_comes_after_the_copy_was_handed_over_is_refused()
    {
        var inbox = new Inbox(_client, autoAcknowledge: false);
        var endings = new Endings(_client);
        ScriptedConnection first = await _server.ConnectAsync(_client);
        await first.PublishAsync("a", 7, quality: 2);
        MqttApplicationMessageReceivedEventArgs original = await inbox.NextAsync();
        first.Dispose();
        await endings.NextAsync();
        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        await second.PublishAsync("a", 7, quality: 2, duplicate: true);
        MqttApplicationMessageReceivedEventArgs copy = await inbox.NextAsync();

        await Assert.ThrowsAsync<MqttClientDisconnectedException>(() => original.AcknowledgeAsync(CancellationToken.None));
        await copy.AcknowledgeAsync(CancellationToken.None).InTime();
        Assert.Equal((RawPacket.PubRec, 7), Describe(await second.ReadAsync()));
    }

    [StricterFact("keeps no packet ids, and hands it over again")]
    public async Task A_PUBCOMP_that_is_lost_is_sent_again_and_the_message_is_not_handed_over_again()
    {
        var inbox = new Inbox(_client);
        var endings = new Endings(_client);
        ScriptedConnection first = await _server.ConnectAsync(_client);
        await first.PublishAsync("a", 7, quality: 2);
        await inbox.NextAsync();
        await first.ReadAsync();
        await first.AnswerAsync(RawPacket.PubRel, 7);
        await first.ReadAsync();
        first.Dispose();
        await endings.NextAsync();

        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        await second.AnswerAsync(RawPacket.PubRel, 7);
        Assert.Equal((RawPacket.PubComp, 7), Describe(await second.ReadAsync()));
        Assert.True(inbox.IsEmpty);
    }

    private static (int Type, int Id) Describe(RawPacket packet) => (packet.Type, packet.PacketId);
}
