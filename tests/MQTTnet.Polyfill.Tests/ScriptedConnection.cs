using System.Net.Sockets;
using System.Text;

namespace MQTTnet.Polyfill.Tests;

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

    public Task SendRawAsync(params byte[] bytes) => _stream.WriteAsync(bytes).AsTask();

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

    public void Dispose() => socket.Dispose();

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];
}
