using System.Diagnostics;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

public sealed class ScriptedReceiveTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task The_next_message_waits_until_the_handler_has_completed()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        int inside = 0;
        _client.ApplicationMessageReceivedAsync += async _ =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            entered.Release();
            await leave.WaitAsync();
            Interlocked.Decrement(ref inside);
        };
        for (ushort id = 1; id <= 3; id++)
        {
            await connection.PublishAsync("a", id, quality: 1);
        }

        for (ushort id = 1; id <= 3; id++)
        {
            Assert.True(await entered.WaitAsync(Patience.Limit));
            // The client has read all three by now, for it answers what came after them; and still only one is being handled.
            Assert.Empty(await connection.ReadUpToPingAsync(_client));
            Assert.Equal(0, entered.CurrentCount);
            leave.Release();
            Assert.Equal((RawPacket.PubAck, id), ((await connection.ReadAsync()) is var sent ? (sent.Type, sent.PacketId) : default));
        }
    }

    [StricterFact("queues without limit")]
    public async Task A_server_that_sends_more_than_is_handled_is_held_up_and_the_connection_outlives_it()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client, configure: options => options.WithKeepAlivePeriod(TimeSpan.FromSeconds(1)));
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int handled = 0;
        _client.ApplicationMessageReceivedAsync += _ =>
        {
            Interlocked.Increment(ref handled);
            return release.Task;
        };
        string payload = new('x', 100_000);
        const int count = 1_000;
        Task flood = Task.Run(async () =>
        {
            for (int number = 0; number < count; number++)
            {
                await connection.PublishAsync("a", 0, quality: 0, payload);
            }
        });
        // Some twenty times what the client may keep is on its way; sockets hold a few megabytes. The keep-alive period passes meanwhile.
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(flood.IsCompleted);
        Assert.True(_client.IsConnected);
        Task answering = AnswerPingsAsync(connection);
        release.SetResult();

        await flood.InTime();
        long started = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref handled) < count && Stopwatch.GetElapsedTime(started) < Patience.Limit)
        {
            await Task.Delay(5);
        }
        Assert.Equal(count, handled);
        Assert.True(_client.IsConnected);
        _client.Dispose();
        await answering.InTime();
    }

    [Fact]
    public async Task A_handler_may_publish_and_await_the_answer()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        _client.ApplicationMessageReceivedAsync += _ => _client.PublishStringAsync("answer", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        await connection.PublishAsync("question", 1, quality: 1);

        RawPacket answer = await connection.ReadAsync();
        Assert.Equal(RawPacket.Publish, answer.Type);
        await connection.AnswerAsync(RawPacket.PubAck, answer.PublishId);
        Assert.Equal(RawPacket.PubAck, (await connection.ReadAsync()).Type);
    }

    [StricterFact("waits for the handler, and so for itself")]
    public async Task A_handler_may_disconnect()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _client.ApplicationMessageReceivedAsync += async _ =>
        {
            await _client.DisconnectAsync();
            done.SetResult();
        };
        await connection.PublishAsync("a", 0, quality: 0);

        Assert.Equal(RawPacket.Disconnect, (await connection.ReadAsync()).Type);
        Assert.Null(await connection.TryReadAsync());
        await done.Task.InTime();
    }

    [StricterFact("hands over an aliased message without its topic")]
    public async Task A_topic_alias_stands_for_its_topic()
    {
        var inbox = new Inbox(_client);
        using ScriptedConnection connection = await _server.ConnectAsync(_client, configure: options => options.WithTopicAliasMaximum(4));
        await connection.PublishAsync("long/topic", 0, quality: 0, "1", properties: [0x23, 0, 4]);
        await connection.PublishAsync("", 0, quality: 0, "2", properties: [0x23, 0, 4]);

        Assert.Equal(["long/topic", "long/topic"], (await inbox.NextAsync(2)).Select(message => message.ApplicationMessage.Topic));
    }

    [Fact]
    public async Task A_server_that_exceeds_the_receive_maximum_is_served_all_the_same()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client, configure: options => options.WithReceiveMaximum(2));
        var inbox = new Inbox(_client, autoAcknowledge: false);
        for (ushort id = 1; id <= 3; id++)
        {
            await connection.PublishAsync("a", id, quality: 1);
        }

        Assert.Equal([1, 2, 3], (await inbox.NextAsync(3)).Select(message => (int)message.PacketIdentifier));
        Assert.True(_client.IsConnected);
    }

    [Fact]
    public async Task A_message_belongs_to_its_receiver_and_stays_as_it_is_while_others_come()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        var inbox = new Inbox(_client);
        // Many in one read, and some that take several.
        int[] lengths = [.. Enumerable.Range(0, 300).Select(number => number % 50 == 0 ? 200_000 : number)];
        foreach (int length in lengths)
        {
            await connection.PublishAsync($"a/{length}", 0, quality: 0, new string((char)('a' + (length % 26)), length), properties: [0x26, 0, 1, (byte)'k', 0, 1, (byte)'v']);
        }

        List<MqttApplicationMessageReceivedEventArgs> messages = await inbox.NextAsync(lengths.Length);
        foreach ((int length, MqttApplicationMessage message) in lengths.Zip(messages.Select(message => message.ApplicationMessage)))
        {
            Assert.Equal($"a/{length}", message.Topic);
            Assert.Equal(new string((char)('a' + (length % 26)), length), message.ConvertPayloadToString() ?? "");
            Assert.Equal("v", Assert.Single(message.UserProperties!).Value);
        }
    }

    private static async Task AnswerPingsAsync(ScriptedConnection connection)
    {
        while (await connection.TryReadAsync() is { } packet)
        {
            Assert.Equal(RawPacket.PingReq, packet.Type);
            await connection.SendAsync(0xD0);
        }
    }
}
