using MQTTnet.Exceptions;

namespace MQTTnet.Polyfill.Tests;

public sealed class ScriptedAcknowledgementTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [StricterFact("sends them in the order of the calls")]
    public async Task Acknowledgements_leave_in_the_order_of_arrival_whatever_the_order_of_the_calls()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        var inbox = new Inbox(_client, autoAcknowledge: false);
        for (ushort id = 1; id <= 100; id++)
        {
            await connection.PublishAsync("a", id, quality: id % 3 == 0 ? 2 : 1);
        }
        List<MqttApplicationMessageReceivedEventArgs> messages = await inbox.NextAsync(100);

        // From the last to the first but one: nothing may leave, since the first is missing.
        foreach (MqttApplicationMessageReceivedEventArgs message in messages.Skip(1).Reverse())
        {
            await message.AcknowledgeAsync(CancellationToken.None).InTime();
        }
        Assert.Empty(await connection.ReadUpToPingAsync(_client));
        await messages[0].AcknowledgeAsync(CancellationToken.None).InTime();

        List<RawPacket> sent = await connection.ReadUpToPingAsync(_client);
        Assert.Equal(Enumerable.Range(1, 100), sent.Select(packet => (int)packet.PacketId));
        Assert.All(sent, packet => Assert.Equal(packet.PacketId % 3 == 0 ? RawPacket.PubRec : RawPacket.PubAck, packet.Type));
    }

    [Fact]
    public async Task A_message_whose_processing_failed_is_not_acknowledged_and_holds_nobody_up()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        var handled = new CountdownEvent(3);
        _client.ApplicationMessageReceivedAsync += received =>
        {
            handled.Signal();
            received.ProcessingFailed = received.PacketIdentifier == 1;
            return received.PacketIdentifier == 2 ? throw new InvalidDataException("The handler cannot read this.") : Task.CompletedTask;
        };
        for (ushort id = 1; id <= 3; id++)
        {
            await connection.PublishAsync("a", id, quality: 1);
        }

        Assert.Equal((RawPacket.PubAck, 3), Describe(await connection.ReadAsync()));
        Assert.True(handled.IsSet);
    }

    [Fact]
    public async Task A_reason_is_sent_with_the_acknowledgement()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        _client.ApplicationMessageReceivedAsync += received =>
        {
            received.ReasonCode = MqttApplicationMessageReceivedReasonCode.PayloadFormatInvalid;
            received.ResponseReasonString = "no";
            return Task.CompletedTask;
        };
        await connection.PublishAsync("a", 5, quality: 1);

        RawPacket sent = await connection.ReadAsync();
        Assert.Equal([0, 5, 0x99, 5, 0x1F, 0, 2, (byte)'n', (byte)'o'], sent.Body);
    }

    [Fact]
    public async Task Acknowledging_twice_is_refused()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        var inbox = new Inbox(_client, autoAcknowledge: false);
        await connection.PublishAsync("a", 1, quality: 1);
        MqttApplicationMessageReceivedEventArgs message = await inbox.NextAsync();
        await message.AcknowledgeAsync(CancellationToken.None).InTime();

        await Assert.ThrowsAsync<InvalidOperationException>(() => message.AcknowledgeAsync(CancellationToken.None));
        Assert.Single(await connection.ReadUpToPingAsync(_client));
    }

    [StricterFact("acknowledges whatever has that number now")]
    public async Task A_message_of_an_earlier_connection_cannot_be_acknowledged_on_a_later_one()
    {
        var inbox = new Inbox(_client, autoAcknowledge: false);
        var endings = new Endings(_client);
        ScriptedConnection first = await _server.ConnectAsync(_client);
        await first.PublishAsync("a", 1, quality: 1);
        MqttApplicationMessageReceivedEventArgs message = await inbox.NextAsync();
        first.Dispose();
        await endings.NextAsync();
        using ScriptedConnection second = await _server.ConnectAsync(_client, sessionPresent: true);
        await second.PublishAsync("another", 1, quality: 1);
        await inbox.NextAsync();

        await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => message.AcknowledgeAsync(CancellationToken.None));
        Assert.Empty(await second.ReadUpToPingAsync(_client));
    }

    [StricterFact("discards what is on its way when it closes")]
    public async Task Acknowledgements_that_are_on_their_way_arrive_before_a_disconnect()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        var inbox = new Inbox(_client, autoAcknowledge: false);
        for (ushort id = 1; id <= 50; id++)
        {
            await connection.PublishAsync("a", id, quality: 1);
        }
        foreach (MqttApplicationMessageReceivedEventArgs message in await inbox.NextAsync(50))
        {
            await message.AcknowledgeAsync(CancellationToken.None).InTime();
        }
        await _client.DisconnectAsync().InTime();

        for (int id = 1; id <= 50; id++)
        {
            Assert.Equal((RawPacket.PubAck, id), Describe(await connection.ReadAsync()));
        }
        Assert.Equal(RawPacket.Disconnect, (await connection.ReadAsync()).Type);
        Assert.Null(await connection.TryReadAsync());
    }

    private static (int Type, int Id) Describe(RawPacket packet) => (packet.Type, packet.PacketId);
}
