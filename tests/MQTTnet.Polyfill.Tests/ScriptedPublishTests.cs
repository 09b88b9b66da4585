using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

public sealed class ScriptedPublishTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [StricterFact("does not heed the receive maximum")]
    public async Task No_more_publishes_are_in_flight_than_the_server_receives_and_their_order_is_kept()
    {
        // Receive maximum 2.
        using ScriptedConnection connection = await _server.ConnectAsync(_client, properties: [0x21, 0, 2]);
        Task<MqttClientPublishResult>[] publishes = [.. Enumerable.Range(0, 6).Select(number =>
            _client.PublishStringAsync("a", $"{number}", MqttQualityOfServiceLevel.AtLeastOnce))];
        var seen = new List<byte>();

        List<RawPacket> sent = await connection.ReadUpToPingAsync(_client);
        while (sent.Count > 0)
        {
            Assert.InRange(sent.Count, 1, 2);
            foreach (RawPacket packet in sent)
            {
                seen.Add(packet.Body[^1]);
                await connection.AnswerAsync(RawPacket.PubAck, packet.PublishId);
                await publishes[seen.Count - 1].InTime();
            }
            sent = await connection.ReadUpToPingAsync(_client);
        }

        Assert.Equal("012345"u8.ToArray(), seen);
    }

    [Fact]
    public async Task Each_publish_gets_its_own_answer_when_answers_come_in_another_order()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        Task<MqttClientPublishResult>[] publishes = [.. Enumerable.Range(0, 50).Select(number =>
            Task.Run(() => _client.PublishStringAsync("a", $"{number}", MqttQualityOfServiceLevel.AtLeastOnce)))];
        var ids = new List<ushort>();
        while (ids.Count < publishes.Length)
        {
            ids.Add((await connection.ReadAsync()).PublishId);
        }
        foreach (ushort id in Enumerable.Reverse(ids))
        {
            await connection.AnswerAsync(RawPacket.PubAck, id);
        }

        MqttClientPublishResult[] results = await Task.WhenAll(publishes).InTime();
        Assert.Equal(ids.Order(), results.Select(result => result.PacketIdentifier!.Value).Order());
    }

    [Fact]
    public async Task Publishes_without_an_answer_fail_when_the_connection_is_lost()
    {
        var endings = new Endings(_client);
        ScriptedConnection connection = await _server.ConnectAsync(_client, properties: [0x21, 0, 2]);
        // Two are in flight, and one still waits for its turn.
        Task<MqttClientPublishResult>[] publishes =
        [
            _client.PublishStringAsync("a", "1", MqttQualityOfServiceLevel.AtLeastOnce),
            _client.PublishStringAsync("a", "2", MqttQualityOfServiceLevel.ExactlyOnce),
            _client.PublishStringAsync("a", "3", MqttQualityOfServiceLevel.AtLeastOnce),
        ];
        await connection.ReadAsync();
        connection.Dispose();

        foreach (Task<MqttClientPublishResult> publish in publishes)
        {
            await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => publish.InTime());
        }
        Assert.True((await endings.NextAsync()).ClientWasConnected);
        Assert.False(_client.IsConnected);
        await Assert.ThrowsAsync<MqttClientNotConnectedException>(() => _client.PublishStringAsync("a"));
    }

    [Fact]
    public async Task A_refusal_of_QoS_1_is_a_result()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        Task<MqttClientPublishResult> publish = _client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        await connection.SendAsync(0x40, 0, (byte)(await connection.ReadAsync()).PublishId, 0x87);

        MqttClientPublishResult result = await publish.InTime();
        Assert.Equal((false, MqttClientPublishReasonCode.NotAuthorized), (result.IsSuccess, result.ReasonCode));
    }

    [StricterFact("releases what was refused, and waits for PUBCOMP")]
    public async Task A_refusal_of_QoS_2_is_a_result()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        Task<MqttClientPublishResult> publish = _client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.ExactlyOnce);
        await connection.SendAsync(0x50, 0, (byte)(await connection.ReadAsync()).PublishId, 0x87);

        MqttClientPublishResult result = await publish.InTime();
        Assert.Equal((false, MqttClientPublishReasonCode.NotAuthorized), (result.IsSuccess, result.ReasonCode));
        Assert.Empty(await connection.ReadUpToPingAsync(_client));
    }

    [StricterFact("has no quota")]
    public async Task Cancelling_ends_the_waiting_and_the_number_stays_in_use_until_the_answer_comes()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client, properties: [0x21, 0, 1]);
        using var cancel = new CancellationTokenSource();
        Task<MqttClientPublishResult> publish = _client.PublishAsync(Message("1"), cancel.Token);
        ushort id = (await connection.ReadAsync()).PublishId;
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<MqttCommunicationTimedOutException>(() => publish.InTime());

        Task<MqttClientPublishResult> next = _client.PublishAsync(Message("2"));
        Assert.Empty(await connection.ReadUpToPingAsync(_client));
        await connection.AnswerAsync(RawPacket.PubAck, id);
        RawPacket sent = await connection.ReadAsync();
        Assert.Equal((byte)'2', sent.Body[^1]);
        await connection.AnswerAsync(RawPacket.PubAck, sent.PublishId);
        Assert.True((await next.InTime()).IsSuccess);
    }

    [StricterFact("has no quota, and sends at once")]
    public async Task A_publish_that_is_cancelled_before_its_turn_is_never_sent()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client, properties: [0x21, 0, 1]);
        using var cancel = new CancellationTokenSource();
        Task<MqttClientPublishResult> first = _client.PublishAsync(Message("1"));
        Task<MqttClientPublishResult> second = _client.PublishAsync(Message("2"), cancel.Token);
        ushort id = (await connection.ReadAsync()).PublishId;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.InTime());
        await connection.AnswerAsync(RawPacket.PubAck, id);
        await first.InTime();

        Assert.Empty(await connection.ReadUpToPingAsync(_client));
    }

    [StricterFact("sends it, and the server closes the connection")]
    public async Task A_message_that_the_server_would_not_take_is_refused_here_and_the_connection_goes_on()
    {
        // Maximum packet size 100.
        using ScriptedConnection connection = await _server.ConnectAsync(_client, properties: [0x27, 0, 0, 0, 100]);

        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => _client.PublishStringAsync("a", new string('x', 200)));
        Task<MqttClientPublishResult> publish = _client.PublishStringAsync("a", new string('x', 50), MqttQualityOfServiceLevel.AtLeastOnce);
        await connection.AnswerAsync(RawPacket.PubAck, (await connection.ReadAsync()).PublishId);
        Assert.True((await publish.InTime()).IsSuccess);
    }

    [Fact]
    public async Task Topics_with_wildcards_are_refused_here()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        foreach (string topic in new[] { "a/#", "+/b" })
        {
            await Assert.ThrowsAsync<MqttProtocolViolationException>(() => _client.PublishStringAsync(topic));
        }
        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => _client.SubscribeAsync("#/a"));
        Assert.Empty(await connection.ReadUpToPingAsync(_client));
    }

    [Fact]
    public async Task Disconnecting_sends_what_was_published_before()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        Task publishing = Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _client.PublishStringAsync("a", new string('x', 1_000))));
        Task disconnecting = publishing.ContinueWith(_ => _client.DisconnectAsync(), TaskScheduler.Default).Unwrap();

        for (int number = 0; number < 200; number++)
        {
            Assert.Equal(RawPacket.Publish, (await connection.ReadAsync()).Type);
        }
        Assert.Equal(RawPacket.Disconnect, (await connection.ReadAsync()).Type);
        connection.Dispose();
        await disconnecting.InTime();
    }

    private static MqttApplicationMessage Message(string payload) =>
        new MqttApplicationMessageBuilder().WithTopic("a").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
}
