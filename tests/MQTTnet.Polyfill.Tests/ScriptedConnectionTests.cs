using System.Diagnostics;
using System.Net.Sockets;
using EdgeAgent.Testing;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

public sealed class ScriptedConnectionTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task A_port_on_which_nobody_listens_is_a_communication_exception_with_the_sockets_reason()
    {
        var endings = new Endings(_client);
        MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Loopback.FreePort()).Build();

        MqttCommunicationException failure = await Assert.ThrowsAnyAsync<MqttCommunicationException>(() => _client.ConnectAsync(options).InTime());

        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(failure.GetBaseException()).SocketErrorCode);
        Assert.False((await endings.NextAsync()).ClientWasConnected);
        Assert.False(_client.IsConnected);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500, new byte[] { 0, 0x88, 0 }, MqttClientConnectResultCode.ServerUnavailable)]
    [InlineData(MqttProtocolVersion.V311, new byte[] { 0, 4 }, MqttClientConnectResultCode.BadUserNameOrPassword)]
    public async Task A_refusal_by_CONNACK_is_a_result(MqttProtocolVersion version, byte[] answer, MqttClientConnectResultCode code)
    {
        var endings = new Endings(_client);
        Task<MqttClientConnectResult> connecting = _client.ConnectAsync(_server.Options().WithProtocolVersion(version).Build());
        using ScriptedConnection connection = await _server.AcceptAsync();
        await connection.ReadAsync();
        await connection.SendAsync(0x20, answer);

        Assert.Equal(code, (await connecting.InTime()).ResultCode);
        Assert.Null(await connection.TryReadAsync());
        MqttClientDisconnectedEventArgs ended = await endings.NextAsync();
        Assert.Equal((false, code), (ended.ClientWasConnected, ended.ConnectResult!.ResultCode));
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_given_up()
    {
        Task<MqttClientConnectResult> connecting = _client.ConnectAsync(_server.Options().WithTimeout(TimeSpan.FromSeconds(0.3)).Build());
        using ScriptedConnection connection = await _server.AcceptAsync();

        await Assert.ThrowsAsync<MqttConnectingFailedException>(() => connecting.InTime());
        // And the client is free for another attempt.
        using ScriptedConnection second = await _server.ConnectAsync(_client);
        Assert.True(_client.IsConnected);
    }

    [Fact]
    public async Task A_servers_DISCONNECT_tells_its_reason_to_the_event_and_to_those_who_await_answers()
    {
        var endings = new Endings(_client);
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        Task<MqttClientPublishResult> publish = _client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        await connection.ReadAsync();
        await connection.SendAsync(0xE0, 0x97, 5, 0x1F, 0, 2, (byte)'n', (byte)'o');

        MqttClientUnexpectedDisconnectReceivedException failure =
            await Assert.ThrowsAsync<MqttClientUnexpectedDisconnectReceivedException>(() => publish.InTime());
        MqttClientDisconnectedEventArgs ended = await endings.NextAsync();
        Assert.Equal((MqttDisconnectReasonCode.QuotaExceeded, "no"), (failure.ReasonCode, failure.ReasonString));
        Assert.Equal((true, MqttClientDisconnectReason.QuotaExceeded, "no"), (ended.ClientWasConnected, ended.Reason, ended.ReasonString));
    }

    [Fact]
    public async Task A_server_that_no_longer_answers_is_given_up_after_one_and_a_half_keep_alive_periods()
    {
        var endings = new Endings(_client);
        using ScriptedConnection connection = await _server.ConnectAsync(_client, configure: options => options.WithKeepAlivePeriod(TimeSpan.FromSeconds(1)));
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(RawPacket.PingReq, (await connection.ReadAsync()).Type);

        MqttClientDisconnectedEventArgs ended = await endings.NextAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.IsType<MqttCommunicationTimedOutException>(ended.Exception);
        Assert.False(_client.IsConnected);
    }

    [Fact]
    public async Task No_PINGREQ_is_sent_while_both_sides_speak()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client, configure: options => options.WithKeepAlivePeriod(TimeSpan.FromSeconds(3)));
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(4))
        {
            Task<MqttClientPublishResult> publish = _client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.AtLeastOnce);
            RawPacket sent = await connection.ReadAsync();
            Assert.Equal(RawPacket.Publish, sent.Type);
            await connection.AnswerAsync(RawPacket.PubAck, sent.PublishId);
            await publish.InTime();
            await Task.Delay(50);
        }
    }

    [StricterFact("keeps to its own period")]
    public async Task The_servers_keep_alive_replaces_the_clients()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(
            _client, configure: options => options.WithKeepAlivePeriod(TimeSpan.FromMinutes(10)), properties: [0x13, 0, 1]);

        Assert.Equal(RawPacket.PingReq, (await connection.ReadAsync()).Type);
    }

    [StricterFact("closes without a word")]
    public async Task Bytes_that_are_no_packet_end_the_connection_and_the_server_is_told_why()
    {
        var endings = new Endings(_client);
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        // PUBLISH with QoS 3.
        await connection.SendAsync(0x36, 0, 1, (byte)'a');

        RawPacket farewell = await connection.ReadAsync();
        Assert.Equal((RawPacket.Disconnect, 0x81), (farewell.Type, farewell.Body[0]));
        Assert.IsType<MqttProtocolViolationException>((await endings.NextAsync()).Exception, exactMatch: false);
    }

    [Fact]
    public async Task A_client_that_is_told_of_the_end_may_connect_again_at_once()
    {
        var again = new TaskCompletionSource<MqttClientConnectResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _client.DisconnectedAsync += async _ => again.TrySetResult(await _client.ConnectAsync(_client.Options!));
        (await _server.ConnectAsync(_client)).Dispose();
        using ScriptedConnection second = await _server.GreetAsync();

        Assert.Equal(MqttClientConnectResultCode.Success, (await again.Task.InTime()).ResultCode);
    }

    [Fact]
    public async Task Where_a_handler_of_the_connected_event_throws_there_is_no_connection()
    {
        _client.ConnectedAsync += _ => throw new InvalidDataException("Not this one.");
        Task<MqttClientConnectResult> connecting = _client.ConnectAsync(_server.Options().Build());
        using ScriptedConnection connection = await _server.GreetAsync();

        await Assert.ThrowsAsync<InvalidDataException>(() => connecting.InTime());
        Assert.False(_client.IsConnected);
        Assert.Null(await connection.TryReadAsync());
    }
}
