using System.Net;
using System.Net.Sockets;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>A device that says exactly what a test tells it to, byte for byte.</summary>
internal sealed class Device : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<byte> _received = [];

    public Device(IPEndPoint intake, MqttProtocolVersion version, int? receiveBuffer = null)
    {
        Version = version;
        if (receiveBuffer is { } size)
        {
            // Before the connection, when the window is agreed on.
            _socket.ReceiveBufferSize = size;
        }
        _socket.Connect(intake);
    }

    public MqttProtocolVersion Version { get; }

    public Socket Socket => _socket;

    public void SendRaw(params byte[] bytes) => _socket.Send(bytes);

    public void Send<TPacket>(TPacket packet)
        where TPacket : struct, IMqttPacket => SendRaw(Bytes.Of(packet, Version));

    public async Task<ConnAckPacket> ConnectAsync(
        string clientId, bool cleanStart = true, ushort keepAlive = 0, MqttWill? will = null, MqttProperties properties = default, string? user = null, string? password = null)
    {
        SendRaw(Bytes.Of(new ConnectPacket
        {
            Version = Version,
            ClientId = Bytes.Utf8(clientId),
            CleanStart = cleanStart,
            KeepAlive = keepAlive,
            Will = will,
            Properties = properties,
            UserName = user is null ? null : Bytes.Utf8(user),
            Password = password is null ? null : Bytes.Utf8(password),
        }));
        Assert.True(ConnAckPacket.TryRead(await ReceiveAsync(), Version, out ConnAckPacket answer, out _));
        return answer;
    }

    public void Publish(ushort packetId, string payload, MqttQualityOfService quality = MqttQualityOfService.AtLeastOnce, bool duplicate = false, string topic = "t") =>
        Send(new PublishPacket { Topic = Bytes.Utf8(topic), PacketId = packetId, Quality = quality, Payload = Bytes.Utf8(payload), Duplicate = duplicate });

    public async Task<MqttFrame> ReceiveAsync()
    {
        MqttFrame frame;
        while (MqttFrame.Read(_received.ToArray(), MqttFrame.MaximumLength, out frame) == MqttFrameResult.Incomplete)
        {
            Assert.True(await ReadMoreAsync(), "The intake closed the connection.");
        }
        _received.RemoveRange(0, frame.Length);
        return frame;
    }

    public async Task<AcknowledgePacket> ReceiveAcknowledgeAsync(MqttPacketType type)
    {
        MqttFrame frame = await ReceiveAsync();
        Assert.Equal(type, frame.Type);
        Assert.True(AcknowledgePacket.TryRead(frame, Version, out AcknowledgePacket packet, out _));
        return packet;
    }

    public async Task<MqttReasonCode> ReceiveDisconnectAsync()
    {
        MqttFrame frame = await ReceiveAsync();
        Assert.Equal(MqttPacketType.Disconnect, frame.Type);
        Assert.True(DisconnectPacket.TryRead(frame, Version, out DisconnectPacket packet, out _));
        return packet.Reason;
    }

    /// <summary>A ping that is answered proves that everything sent before it was handled, and that nothing else was said.</summary>
    public async Task PingAsync()
    {
        Send(new PingPacket { Type = MqttPacketType.PingReq });
        Assert.Equal(MqttPacketType.PingResp, (await ReceiveAsync()).Type);
    }

    public async Task AssertClosedAsync()
    {
        Assert.Empty(_received);
        try
        {
            Assert.False(await ReadMoreAsync(), $"The intake said {Convert.ToHexString([.. _received])} instead of closing.");
        }
        catch (SocketException reset)
        {
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReadMoreAsync()
    {
        byte[] buffer = new byte[16 * 1024];
        using var patience = new CancellationTokenSource(Patience);
        int read = await _socket.ReceiveAsync(buffer, patience.Token);
        _received.AddRange(buffer.AsSpan(0, read));
        return read > 0;
    }
}
