using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

/// <summary>A server that breaks the protocol: the connection ends, the server is told the reason code, and so is the program.</summary>
public sealed class ScriptedViolationTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [StricterFact("closes without a word")]
    public async Task Each_kind_of_broken_packet_is_answered_with_its_reason_code()
    {
        foreach ((string what, byte first, byte[] body, int reason) in new (string, byte, byte[], int)[]
        {
            ("packet type 0", 0x00, [], 0x81),
            ("PUBLISH of QoS 3", 0x36, [0, 1, (byte)'a', 0, 1, 0], 0x81),
            ("PUBLISH of QoS 0 with dup", 0x38, [0, 1, (byte)'a', 0], 0x81),
            ("PUBLISH whose topic is longer than the packet", 0x30, [0, 9, (byte)'a', 0], 0x81),
            ("PUBLISH whose topic is no UTF-8", 0x30, [0, 2, 0xC3, 0x28, 0], 0x81),
            ("PUBLISH whose topic has a NUL", 0x30, [0, 1, 0, 0], 0x81),
            ("PUBLISH to a wildcard", 0x30, [0, 1, (byte)'#', 0], 0x90),
            ("PUBLISH with neither topic nor alias", 0x30, [0, 0, 0], 0x82),
            ("PUBLISH with packet id 0", 0x32, [0, 1, (byte)'a', 0, 0, 0], 0x82),
            ("PUBLISH with half a property", 0x30, [0, 1, (byte)'a', 2, 0x23, 0], 0x81),
            ("PUBLISH with a property of CONNECT", 0x30, [0, 1, (byte)'a', 5, 0x11, 0, 0, 0, 1], 0x81),
            ("PUBLISH with a property twice", 0x30, [0, 1, (byte)'a', 4, 0x01, 0, 0x01, 0], 0x82),
            ("PUBLISH with alias 0", 0x30, [0, 1, (byte)'a', 3, 0x23, 0, 0], 0x94),
            ("PUBLISH with an alias above the maximum", 0x30, [0, 1, (byte)'a', 3, 0x23, 0, 9], 0x94),
            ("PUBLISH with an alias that was never set", 0x30, [0, 0, 3, 0x23, 0, 3], 0x82),
            ("PUBACK of one byte", 0x40, [0], 0x81),
            ("PUBACK with packet id 0", 0x40, [0, 0], 0x82),
            ("PUBACK with a reason of another packet", 0x40, [0, 1, 0x92], 0x82),
            ("PUBREL without its flags", 0x60, [0, 1], 0x81),
            ("PINGRESP with a body", 0xD0, [0], 0x81),
            ("DISCONNECT with a reason of another packet", 0xE0, [0x01], 0x82),
            ("a second CONNACK", 0x20, [0, 0, 0], 0x82),
            ("SUBSCRIBE", 0x82, [0, 1, 0, 0, 1, (byte)'a', 0], 0x82),
            ("AUTH that nobody asked for", 0xF0, [0x18, 0], 0x82),
            ("a packet larger than was allowed", 0x30, new byte[200], 0x95),
        })
        {
            var endings = new Endings(_client);
            using ScriptedConnection connection = await _server.ConnectAsync(
                _client, configure: options => options.WithTopicAliasMaximum(4).WithMaximumPacketSize(100));
            await connection.SendAsync(first, body);

            RawPacket? farewell = await connection.TryReadAsync();
            Assert.True((farewell?.Type, farewell?.Body.FirstOrDefault()) == (RawPacket.Disconnect, (byte)reason), $"{what}: {farewell}");
            Assert.Null(await connection.TryReadAsync());
            MqttClientDisconnectedEventArgs ended = await endings.NextAsync();
            Assert.Equal((what, (MqttClientDisconnectReason)reason), (what, ended.Reason));
            Assert.IsType<MqttProtocolViolationException>(ended.Exception, exactMatch: false);
        }
    }

    [StricterFact("closes on the fifth byte without a word")]
    public async Task A_remaining_length_without_an_end_is_answered_before_anything_is_buffered()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        await connection.SendRawAsync(0x30, 0xFF, 0xFF, 0xFF, 0xFF);

        RawPacket farewell = await connection.ReadAsync();
        Assert.Equal((RawPacket.Disconnect, 0x81), (farewell.Type, farewell.Body[0]));
    }

    [StricterFact("reads the packet")]
    public async Task A_packet_that_is_announced_as_too_large_is_refused_by_its_header()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client, configure: options => options.WithMaximumPacketSize(1_000));
        // 256 MiB are announced, and not one byte of them is sent.
        await connection.SendRawAsync(0x30, 0xFF, 0xFF, 0xFF, 0x7F);

        RawPacket farewell = await connection.ReadAsync();
        Assert.Equal((RawPacket.Disconnect, 0x95), (farewell.Type, farewell.Body[0]));
    }

    [Fact]
    public async Task What_is_in_flight_fails_when_the_server_breaks_the_protocol()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        Task<MqttClientPublishResult> publish = _client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        await connection.ReadAsync();
        await connection.SendAsync(0x36, 0, 1, (byte)'a');

        await Assert.ThrowsAnyAsync<Exception>(() => publish.InTime());
        Assert.False(_client.IsConnected);
    }

    [StricterFact("believes the server")]
    public async Task A_session_that_the_server_has_in_spite_of_a_clean_start_is_refused()
    {
        Task<MqttClientConnectResult> connecting = _client.ConnectAsync(_server.Options().WithCleanStart().Build());
        using ScriptedConnection connection = await _server.GreetAsync(sessionPresent: true);

        await Assert.ThrowsAsync<MqttConnectingFailedException>(() => connecting.InTime());
        Assert.Null(await connection.TryReadAsync());
    }

    [Fact]
    public async Task A_server_that_answers_CONNECT_with_anything_but_CONNACK_is_refused()
    {
        Task<MqttClientConnectResult> connecting = _client.ConnectAsync(_server.Options().Build());
        using ScriptedConnection connection = await _server.AcceptAsync();
        await connection.ReadAsync();
        await connection.SendAsync(0xD0);

        await Assert.ThrowsAnyAsync<Exception>(() => connecting.InTime());
        Assert.False(_client.IsConnected);
    }
}
