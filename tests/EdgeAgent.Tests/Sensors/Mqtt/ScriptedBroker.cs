using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Sensors.Mqtt.Broker;

namespace EdgeAgent.Tests.Sensors.Mqtt;

/// <summary>A broker of 5.0 that does what the test says: which session it has, which packet ids it uses, what it marks as sent before.</summary>
internal sealed class ScriptedBroker : IDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _received = new byte[64 * 1024];
    private TcpClient? _client;
    private int _length;

    public ScriptedBroker() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Takes a connection up to its subscription.</summary>
    public async Task AcceptAsync(bool hasSession)
    {
        _client?.Dispose();
        _length = 0;
        _client = await _listener.AcceptTcpClientAsync().WaitAsync(Enough);
        await NextAsync(MqttPacketType.Connect);
        await WriteAsync((byte[])[0x20, 3, (byte)(hasSession ? 1 : 0), 0, 0]);
        Assert.True(SubscribePacket.TryRead(await NextAsync(MqttPacketType.Subscribe), MqttProtocolVersion.V500, out SubscribePacket subscribe, out _));
        int filters = subscribe.Subscriptions.Length;
        await WriteAsync((byte[])
        [
            0x90, (byte)(3 + filters), (byte)(subscribe.PacketId >> 8), (byte)subscribe.PacketId, 0, .. Enumerable.Repeat((byte)1, filters),
        ]);
    }

    /// <summary>Breaks the connection and takes the next one, with the session as it was.</summary>
    public async Task AcceptAfterBreakAsync(MqttFixture fixture)
    {
        _client!.Dispose();
        await AcceptAsync(hasSession: true);
        await fixture.UntilAsync(BrokerState.Receiving);
    }

    /// <summary>Breaks the connection.</summary>
    public void Break() => _client!.Dispose();

    public Task PublishAsync(ushort packetId, string topic, string payload, bool isDuplicate = false)
    {
        var bytes = new ArrayBufferWriter<byte>();
        new PublishPacket
        {
            Duplicate = isDuplicate,
            Quality = MqttQualityOfService.AtLeastOnce,
            PacketId = packetId,
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = Encoding.UTF8.GetBytes(payload),
        }.Write(bytes, MqttProtocolVersion.V500);
        return WriteAsync(bytes.WrittenMemory);
    }

    /// <summary>The packet id of the next PUBACK.</summary>
    public async Task<ushort> AcknowledgedAsync()
    {
        Assert.True(AcknowledgePacket.TryRead(await NextAsync(MqttPacketType.PubAck), MqttProtocolVersion.V500, out AcknowledgePacket acknowledged, out _));
        return acknowledged.PacketId;
    }

    public void Dispose()
    {
        _client?.Dispose();
        _listener.Dispose();
    }

    private Task WriteAsync(ReadOnlyMemory<byte> bytes) => _client!.GetStream().WriteAsync(bytes).AsTask();

    private async Task<MqttFrame> NextAsync(MqttPacketType type)
    {
        using var expired = new CancellationTokenSource(Enough);
        while (true)
        {
            MqttFrameResult result = MqttFrame.Read(_received.AsMemory(0, _length), MqttFrame.MaximumLength, out MqttFrame frame);
            if (result == MqttFrameResult.Complete)
            {
                Assert.Equal(type, frame.Type);
                MqttFrame.Read(_received.AsSpan(0, frame.Length).ToArray(), MqttFrame.MaximumLength, out MqttFrame own);
                _received.AsSpan(frame.Length, _length - frame.Length).CopyTo(_received);
                _length -= frame.Length;
                return own;
            }
            int read = await _client!.GetStream().ReadAsync(_received.AsMemory(_length), expired.Token);
            Assert.NotEqual(0, read);
            _length += read;
        }
    }
}
