using System.Buffers;
using System.Text;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Tests;

/// <summary>Packets to bytes and back, as tests write them.</summary>
internal static class Bytes
{
    public const MqttProtocolVersion V311 = MqttProtocolVersion.V311;
    public const MqttProtocolVersion V500 = MqttProtocolVersion.V500;

    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    public static byte[] Of<TPacket>(TPacket packet, MqttProtocolVersion version)
        where TPacket : struct, IMqttPacket
    {
        var output = new ArrayBufferWriter<byte>();
        packet.Write(output, version);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Of(in ConnectPacket packet)
    {
        var output = new ArrayBufferWriter<byte>();
        packet.Write(output);
        return output.WrittenSpan.ToArray();
    }

    public static string Hex<TPacket>(TPacket packet, MqttProtocolVersion version)
        where TPacket : struct, IMqttPacket => Convert.ToHexString(Of(packet, version));

    public static MqttFrame Frame(byte[] bytes)
    {
        Assert.Equal(MqttFrameResult.Complete, MqttFrame.Read(bytes, MqttFrame.MaximumLength, out MqttFrame frame));
        Assert.Equal(bytes.Length, frame.Length);
        return frame;
    }

    public static MqttFrame Frame(string hex) => Frame(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>Reads a frame as whatever it says it is, and says what was wrong.</summary>
    public static MqttReadError Read(in MqttFrame frame, MqttProtocolVersion version)
    {
        MqttReadError error;
        bool isRead = frame.Type switch
        {
            MqttPacketType.Connect => ConnectPacket.TryRead(frame, out _, out error),
            MqttPacketType.ConnAck => ConnAckPacket.TryRead(frame, version, out _, out error),
            MqttPacketType.Publish => PublishPacket.TryRead(frame, version, out _, out error),
            MqttPacketType.Subscribe => SubscribePacket.TryRead(frame, version, out _, out error),
            MqttPacketType.Unsubscribe => UnsubscribePacket.TryRead(frame, version, out _, out error),
            MqttPacketType.SubAck or MqttPacketType.UnsubAck => SubscriptionReplyPacket.TryRead(frame, version, out _, out error),
            MqttPacketType.PingReq or MqttPacketType.PingResp => PingPacket.TryRead(frame, out _, out error),
            MqttPacketType.Disconnect or MqttPacketType.Auth => DisconnectPacket.TryRead(frame, version, out _, out error),
            _ => AcknowledgePacket.TryRead(frame, version, out _, out error),
        };
        Assert.Equal(isRead, error == MqttReadError.None);
        return error;
    }
}
