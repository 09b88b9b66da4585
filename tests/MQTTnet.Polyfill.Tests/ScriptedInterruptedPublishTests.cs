using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

/// <summary>A publish of QoS 2 whose connection ends at each point of the handshake, and is made again on the next one.</summary>
public sealed class ScriptedInterruptedPublishTests : IDisposable
{
    private const string Package = "begins with packet id 1 on every connection, and never sets dup";

    private readonly ScriptedServer _server = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly MqttApplicationMessage _message = new MqttApplicationMessageBuilder()
        .WithTopic("a").WithPayload("once").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.ExactlyOnce).Build();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [StricterFact(Package)]
    public async Task Where_the_PUBLISH_may_be_lost_the_same_message_goes_out_again_with_dup_and_its_old_number()
    {
        ushort id = await InterruptAsync(answers: 0);
        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        Assert.Empty(await second.ReadUpToPingAsync(_client));

        Task<MqttClientPublishResult> publish = _client.PublishAsync(_message);
        RawPacket sent = await second.ReadAsync();
        Assert.Equal((0x3C, id), (sent.First, sent.PublishId));
        await second.AnswerAsync(RawPacket.PubRec, id);
        Assert.Equal(RawPacket.PubRel, (await second.ReadAsync()).Type);
        await second.AnswerAsync(RawPacket.PubComp, id);

        Assert.Equal((true, id), ((await publish.InTime()).IsSuccess, (await publish).PacketIdentifier));
    }

    [StricterFact(Package)]
    public async Task Where_PUBREC_has_come_it_is_only_released_and_publishing_again_awaits_that()
    {
        ushort id = await InterruptAsync(answers: 1);
        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        Assert.Equal((RawPacket.PubRel, id), ((await second.ReadAsync()) is var sent ? (sent.Type, sent.PacketId) : default));

        Task<MqttClientPublishResult> publish = _client.PublishAsync(_message);
        Assert.Empty(await second.ReadUpToPingAsync(_client));
        Assert.False(publish.IsCompleted);
        await second.AnswerAsync(RawPacket.PubComp, id);

        Assert.True((await publish.InTime()).IsSuccess);
    }

    [StricterFact(Package)]
    public async Task Where_PUBCOMP_has_come_on_the_next_connection_publishing_again_sends_nothing()
    {
        ushort id = await InterruptAsync(answers: 1);
        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        await second.ReadAsync();
        await second.AnswerAsync(RawPacket.PubComp, id);
        Assert.Empty(await second.ReadUpToPingAsync(_client));

        Assert.True((await _client.PublishAsync(_message).InTime()).IsSuccess);
        Assert.Empty(await second.ReadUpToPingAsync(_client));
        // It is finished: whoever publishes it once more publishes it once more.
        _ = _client.PublishAsync(_message);
        Assert.Equal(0x34, (await second.ReadAsync()).First);
    }

    [StricterFact(Package)]
    public async Task A_publish_that_is_interrupted_again_and_again_keeps_its_number()
    {
        ushort id = await InterruptAsync(answers: 0);
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(id, await InterruptAsync(answers: 0, sessionPresent: true));
        }
        Assert.Equal(id, await InterruptAsync(answers: 1, sessionPresent: true));

        using ScriptedConnection last = await _server.ConnectAsync(_client, sessionPresent: true);
        Assert.Equal(RawPacket.PubRel, (await last.ReadAsync()).Type);
    }

    [StricterFact(Package)]
    public async Task Another_message_takes_another_number()
    {
        ushort id = await InterruptAsync(answers: 0);
        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);

        _ = _client.PublishStringAsync("a", "once", MqttQualityOfServiceLevel.ExactlyOnce);
        RawPacket sent = await second.ReadAsync();
        Assert.Equal(0x34, sent.First);
        Assert.NotEqual(id, sent.PublishId);
    }

    [Fact]
    public async Task A_server_that_has_lost_the_session_gets_the_message_as_a_new_one()
    {
        await InterruptAsync(answers: 1);
        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: false);
        Assert.Empty(await second.ReadUpToPingAsync(_client));

        _ = _client.PublishAsync(_message);
        Assert.Equal(0x34, (await second.ReadAsync()).First);
    }

    [StricterFact("has no quota")]
    public async Task What_is_continued_counts_in_the_servers_quota_once()
    {
        ushort id = await InterruptAsync(answers: 1);
        // Receive maximum 1.
        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true, properties: [0x21, 0, 1]);
        await second.ReadAsync();
        Task<MqttClientPublishResult> continued = _client.PublishAsync(_message);
        Task<MqttClientPublishResult> next = _client.PublishStringAsync("a", "2", MqttQualityOfServiceLevel.AtLeastOnce);
        Task<MqttClientPublishResult> last = _client.PublishStringAsync("a", "3", MqttQualityOfServiceLevel.AtLeastOnce);
        Assert.Empty(await second.ReadUpToPingAsync(_client));
        await second.AnswerAsync(RawPacket.PubComp, id);
        await continued.InTime();

        RawPacket sent = await second.ReadAsync();
        Assert.Empty(await second.ReadUpToPingAsync(_client));
        await second.AnswerAsync(RawPacket.PubAck, sent.PublishId);
        await next.InTime();
        sent = await second.ReadAsync();
        await second.AnswerAsync(RawPacket.PubAck, sent.PublishId);
        await last.InTime();
    }

    /// <summary>Publishes the message, has the server give that many answers (PUBREC is the first), and cuts the connection.</summary>
    private async Task<ushort> InterruptAsync(int answers, bool sessionPresent = false)
    {
        var endings = new Endings(_client);
        ScriptedConnection connection = await _server.ConnectAsync(_client, sessionPresent);
        Task<MqttClientPublishResult> publish = _client.PublishAsync(_message);
        ushort id = (await connection.ReadAsync()).PublishId;
        if (answers > 0)
        {
            await connection.AnswerAsync(RawPacket.PubRec, id);
            Assert.Equal((RawPacket.PubRel, id), ((await connection.ReadAsync()) is var sent ? (sent.Type, sent.PacketId) : default));
        }
        connection.Dispose();
        await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => publish.InTime());
        await endings.NextAsync();
        return id;
    }
}
