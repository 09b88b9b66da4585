using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// SUBACK or UNSUBACK: a code for each filter that was asked for, in the same order.
/// <code>
/// reply := header(9 | 11), u16 packet-id, [ properties if 5.0 ], u8 code one or more times     // 3.1.1: an UNSUBACK has no codes
/// </code>
/// </summary>
public readonly struct SubscriptionReplyPacket : IMqttPacket
{
    /// <summary>SUBACK or UNSUBACK.</summary>
    public MqttPacketType Type { get; init; }

    /// <summary>Of the packet that is answered.</summary>
    public ushort PacketId { get; init; }

    /// <summary>The properties (5.0).</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>Each a <see cref="MqttReasonCode"/>.</summary>
    public ReadOnlyMemory<byte> Codes { get; init; }

    /// <summary>Reads a SUBACK or UNSUBACK frame.</summary>
    public static bool TryRead(in MqttFrame frame, MqttProtocolVersion version, out SubscriptionReplyPacket packet, out MqttReadError error)
    {
        packet = default;
        var reader = new MqttReader(frame.Body);
        error = MqttPacketId.ReadWithProperties(ref reader, frame.Type, version, out ushort packetId, out MqttProperties properties);
        if (error != MqttReadError.None)
        {
            return false;
        }
        ReadOnlyMemory<byte> codes = reader.TakeRest();
        bool hasCodes = HasCodes(frame.Type, version);
        if (hasCodes == codes.IsEmpty)
        {
            error = hasCodes ? MqttReadError.ProtocolError : MqttReadError.Malformed;
            return false;
        }
        foreach (byte code in codes.Span)
        {
            bool isKnown = MqttReasonRules.IsAllowed((MqttReasonCode)code, frame.Type)
                && (version == MqttProtocolVersion.V500 || code <= (byte)MqttReasonCode.UnspecifiedError);
            if (!isKnown)
            {
                error = MqttReadError.ProtocolError;
                return false;
            }
        }
        packet = new SubscriptionReplyPacket { Type = frame.Type, PacketId = packetId, Properties = properties, Codes = codes };
        return true;
    }

    /// <summary>Writes the packet. 3.1.1 has one code for failure, 0x80.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        bool isVersion5 = version == MqttProtocolVersion.V500;
        bool hasCodes = HasCodes(Type, version);
        int remaining = sizeof(ushort) + (isVersion5 ? Properties.EncodedLength : 0) + (hasCodes ? Codes.Length : 0);
        var writer = new MqttPacketWriter(output, Type, 0, remaining);
        writer.Write(PacketId);
        if (isVersion5)
        {
            writer.Write(Properties);
        }
        if (hasCodes)
        {
            foreach (byte code in Codes.Span)
            {
                writer.Write(isVersion5 ? code : byte.Min(code, (byte)MqttReasonCode.UnspecifiedError));
            }
        }
        writer.Complete();
    }

    private static bool HasCodes(MqttPacketType type, MqttProtocolVersion version) =>
        type == MqttPacketType.SubAck || version == MqttProtocolVersion.V500;
}
