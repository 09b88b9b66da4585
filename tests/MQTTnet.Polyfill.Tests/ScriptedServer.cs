using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MQTTnet.Polyfill.Tests;

/// <summary>A packet as it came: its first byte and what follows the remaining length.</summary>
internal sealed record RawPacket(byte First, byte[] Body)
{
    public const int Connect = 1, Publish = 3, PubAck = 4, PubRec = 5, PubRel = 6, PubComp = 7, Subscribe = 8, PingReq = 12, Disconnect = 14;

    public int Type => First >> 4;

    /// <summary>Where the body begins with one.</summary>
    public ushort PacketId => BinaryPrimitives.ReadUInt16BigEndian(Body);

    /// <summary>The packet id of a PUBLISH, which comes after the topic.</summary>
    public ushort PublishId => BinaryPrimitives.ReadUInt16BigEndian(Body.AsSpan(2 + PacketId));
}

/// <summary>A server that does exactly what a test tells it to, byte for byte. 5.0 unless said otherwise.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedServer() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task<ScriptedConnection> AcceptAsync() => new(await _listener.AcceptTcpClientAsync().InTime());

    /// <summary>Accepts, reads CONNECT and answers it with success and the given properties.</summary>
    public async Task<ScriptedConnection> GreetAsync(bool sessionPresent = false, params byte[] properties)
    {
        ScriptedConnection connection = await AcceptAsync();
        Assert.Equal(RawPacket.Connect, (await connection.ReadAsync()).Type);
        await connection.SendAsync(0x20, [(byte)(sessionPresent ? 1 : 0), 0, (byte)properties.Length, .. properties]);
        return connection;
    }

    public MqttClientOptionsBuilder Options() => new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port).WithClientId("client").WithCleanStart(false);

    /// <summary>A connected client and the server's end of its connection.</summary>
    public async Task<ScriptedConnection> ConnectAsync(IMqttClient client, bool sessionPresent = false, Action<MqttClientOptionsBuilder>? configure = null, params byte[] properties)
    {
        MqttClientOptionsBuilder builder = Options();
        configure?.Invoke(builder);
        Task<MqttClientConnectResult> connecting = client.ConnectAsync(builder.Build());
        ScriptedConnection connection = await GreetAsync(sessionPresent, properties);
        Assert.Equal(sessionPresent, (await connecting.InTime()).IsSessionPresent);
        return connection;
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>The server's end of one connection.</summary>
internal sealed class ScriptedConnection(TcpClient socket) : IDisposable
{
    private readonly NetworkStream _stream = socket.GetStream();

    public Task SendAsync(byte first, params byte[] body)
    {
        var packet = new List<byte> { first };
        int length = body.Length;
        do
        {
            packet.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        packet.AddRange(body);
        return _stream.WriteAsync(packet.ToArray()).AsTask();
    }

    public Task PublishAsync(string topic, ushort packetId, int quality, string payload = "", bool duplicate = false, params byte[] properties) =>
        SendAsync(
            (byte)(0x30 | (quality << 1) | (duplicate ? 8 : 0)),
            [.. Number((ushort)Encoding.UTF8.GetByteCount(topic)), .. Encoding.UTF8.GetBytes(topic), .. quality == 0 ? [] : Number(packetId),
                (byte)properties.Length, .. properties, .. Encoding.UTF8.GetBytes(payload)]);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP with success.</summary>
    public Task AnswerAsync(int type, ushort packetId) => SendAsync((byte)((type << 4) | (type == RawPacket.PubRel ? 2 : 0)), Number(packetId));

    public async Task<RawPacket> ReadAsync() => await TryReadAsync() ?? throw new EndOfStreamException();

    /// <summary>Null where the client has closed.</summary>
    public async Task<RawPacket?> TryReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        byte[] one = new byte[1];
        try
        {
            if (await _stream.ReadAsync(one, limit.Token) == 0)
            {
                return null;
            }
            byte first = one[0];
            int length = 0;
            int shift = 0;
            do
            {
                await _stream.ReadExactlyAsync(one, limit.Token);
                length |= (one[0] & 0x7F) << shift;
                shift += 7;
            }
            while (one[0] > 0x7F);
            byte[] body = new byte[length];
            await _stream.ReadExactlyAsync(body, limit.Token);
            return new RawPacket(first, body);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Everything that is sent before a PINGREQ that the test has the client send: a fence, without waiting for what must not come.</summary>
    public async Task<List<RawPacket>> ReadUpToPingAsync(IMqttClient client)
    {
        Task ping = client.PingAsync();
        var packets = new List<RawPacket>();
        while (await ReadAsync() is { Type: not RawPacket.PingReq } packet)
        {
            packets.Add(packet);
        }
        await SendAsync(0xD0);
        await ping.InTime();
        return packets;
    }

    public bool IsStuck => !_stream.Socket.Poll(0, SelectMode.SelectWrite);

    public void Dispose() => socket.Dispose();

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];
}
