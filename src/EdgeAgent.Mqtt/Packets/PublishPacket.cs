using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// A message.
/// <code>
/// publish := header(3, dup qos retain), string topic, [ u16 packet-id if qos &gt; 0 ], [ properties if 5.0 ], payload to the end
/// </code>
/// </summary>
public readonly struct PublishPacket : IMqttPacket
{
    /// <summary>Sent before, on this connection or an earlier one.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The quality of service.</summary>
    public MqttQualityOfService Quality { get; init; }

    /// <summary>To be kept for later subscribers, or: was kept.</summary>
    public bool Retain { get; init; }

    /// <summary>The topic in UTF-8; empty where a topic alias stands for it.</summary>
    public ReadOnlyMemory<byte> Topic { get; init; }

    /// <summary>Not zero for QoS 1 and 2, zero for QoS 0.</summary>
    public ushort PacketId { get; init; }

    /// <summary>The properties (5.0).</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Reads a PUBLISH frame. Copies and allocates nothing.</summary>
    public static bool TryRead(in MqttFrame frame, MqttProtocolVersion version, out PublishPacket packet, out MqttReadError error)
    {
        packet = default;
        var reader = new MqttReader(frame.Body);
        var quality = (MqttQualityOfService)((frame.First >> 1) & 0b11);
        ushort packetId = 0;
        MqttProperties properties = default;
        error = MqttReadError.Malformed;
        if (!reader.TryReadString(out ReadOnlyMemory<byte> topic)
            || (quality != MqttQualityOfService.AtMostOnce && !reader.TryRead(out packetId)))
        {
            return false;
        }
        if (quality != MqttQualityOfService.AtMostOnce && packetId == 0)
        {
            error = MqttReadError.ProtocolError;
            return false;
        }
        if (version == MqttProtocolVersion.V500)
        {
            error = MqttProperties.Read(ref reader, MqttPacketType.Publish, out properties);
            if (error != MqttReadError.None)
            {
                return false;
            }
        }
        bool isAliased = topic.IsEmpty && !properties.IsEmpty && properties.TryGet(MqttPropertyId.TopicAlias, out uint _);
        if (!isAliased && !TopicName.IsValidText(topic.Span))
        {
            error = topic.IsEmpty && version == MqttProtocolVersion.V500 ? MqttReadError.ProtocolError : MqttReadError.TopicNameInvalid;
            return false;
        }
        packet = new PublishPacket
        {
            Duplicate = (frame.First & 0b1000) != 0,
            Quality = quality,
            Retain = (frame.First & 1) != 0,
            Topic = topic,
            PacketId = packetId,
            Properties = properties,
            Payload = reader.TakeRest(),
        };
        error = MqttReadError.None;
        return true;
    }

    /// <summary>Writes the packet with its own payload.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version) => Write(output, version, new ReadOnlySequence<byte>(Payload));

    /// <summary>Writes the packet with a payload that may be in pieces. The longest is 256 MiB less the topic.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version, in ReadOnlySequence<byte> payload)
    {
        int flags = (Duplicate ? 0b1000 : 0) | ((int)Quality << 1) | (Retain ? 1 : 0);
        var writer = new MqttPacketWriter(output, MqttPacketType.Publish, flags, checked((int)(HeadLength(version) + payload.Length)));
        writer.WriteBinary(Topic);
        if (Quality != MqttQualityOfService.AtMostOnce)
        {
            writer.Write(PacketId);
        }
        if (version == MqttProtocolVersion.V500)
        {
            writer.Write(Properties);
        }
        writer.WriteRaw(payload);
        writer.Complete();
    }

    private int HeadLength(MqttProtocolVersion version) =>
        MqttPacketWriter.LengthOf(Topic)
        + (Quality == MqttQualityOfService.AtMostOnce ? 0 : sizeof(ushort))
        + (version == MqttProtocolVersion.V500 ? Properties.EncodedLength : 0);
}
