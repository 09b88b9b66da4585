using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// PUBACK, PUBREC, PUBREL or PUBCOMP: all say one thing of one packet id.
/// <code>
/// acknowledge := header(4 | 5 | 6 | 7), u16 packet-id, [ u8 reason, [ properties ] ]      // what is in brackets: 5.0 only, and only where needed
/// </code>
/// </summary>
public readonly struct AcknowledgePacket : IMqttPacket
{
    /// <summary>The longest form without properties: header of two bytes, id, reason.</summary>
    internal const int PlainLength = 5;

    /// <summary>Which of the four.</summary>
    public MqttPacketType Type { get; init; }

    /// <summary>The publish that is spoken of.</summary>
    public ushort PacketId { get; init; }

    /// <summary>What became of it; always Success in 3.1.1.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>The properties (5.0).</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>Reads a PUBACK, PUBREC, PUBREL or PUBCOMP frame.</summary>
    public static bool TryRead(in MqttFrame frame, MqttProtocolVersion version, out AcknowledgePacket packet, out MqttReadError error)
    {
        packet = default;
        error = MqttReadError.Malformed;
        var reader = new MqttReader(frame.Body);
        byte reason = 0;
        MqttProperties properties = default;
        if (!reader.TryRead(out ushort packetId))
        {
            return false;
        }
        if (version == MqttProtocolVersion.V500 && !reader.AtEnd)
        {
            reader.TryRead(out reason);
            if (!reader.AtEnd)
            {
                error = MqttProperties.Read(ref reader, frame.Type, out properties);
                if (error != MqttReadError.None)
                {
                    return false;
                }
            }
        }
        if (!reader.AtEnd)
        {
            error = MqttReadError.Malformed;
            return false;
        }
        if (packetId == 0 || !MqttReasonRules.IsAllowed((MqttReasonCode)reason, frame.Type))
        {
            error = MqttReadError.ProtocolError;
            return false;
        }
        packet = new AcknowledgePacket { Type = frame.Type, PacketId = packetId, Reason = (MqttReasonCode)reason, Properties = properties };
        error = MqttReadError.None;
        return true;
    }

    /// <summary>Writes the packet in its shortest form.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        bool hasProperties = version == MqttProtocolVersion.V500 && !Properties.IsEmpty;
        bool hasReason = hasProperties || (version == MqttProtocolVersion.V500 && Reason != MqttReasonCode.Success);
        int remaining = sizeof(ushort) + (hasReason ? 1 : 0) + (hasProperties ? Properties.EncodedLength : 0);
        var writer = new MqttPacketWriter(output, Type, Type == MqttPacketType.PubRel ? 0b0010 : 0, remaining);
        writer.Write(PacketId);
        if (hasReason)
        {
            writer.Write((byte)Reason);
        }
        if (hasProperties)
        {
            writer.Write(Properties);
        }
        writer.Complete();
    }
}
