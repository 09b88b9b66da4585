namespace EdgeAgent.Mqtt.Packets;

/// <summary>What the server publishes in a client's name when it is lost. Its grammar stands at <see cref="ConnectPacket"/>.</summary>
public readonly struct MqttWill
{
    internal const int QualityMask = 0x18;

    /// <summary>The topic in UTF-8.</summary>
    public ReadOnlyMemory<byte> Topic { get; init; }

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The quality of service of that publish.</summary>
    public MqttQualityOfService Quality { get; init; }

    /// <summary>The retain flag of that publish.</summary>
    public bool Retain { get; init; }

    /// <summary>The properties of that publish, and the delay before it (5.0).</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>How long the server waits for the client to come back before it publishes (5.0).</summary>
    public TimeSpan Delay => TimeSpan.FromSeconds(Properties.GetOrDefault(MqttPropertyId.WillDelayInterval, 0));

    internal static MqttReadError Read(ref MqttReader reader, MqttProtocolVersion version, byte flags, out MqttWill will)
    {
        will = default;
        MqttProperties properties = default;
        if (version == MqttProtocolVersion.V500)
        {
            MqttReadError error = MqttProperties.Read(ref reader, MqttPropertyRules.WillOwner, out properties);
            if (error != MqttReadError.None)
            {
                return error;
            }
        }
        if (!reader.TryReadString(out ReadOnlyMemory<byte> topic) || !reader.TryReadBinary(out ReadOnlyMemory<byte> payload))
        {
            return MqttReadError.Malformed;
        }
        if (!TopicName.IsValidText(topic.Span))
        {
            return MqttReadError.TopicNameInvalid;
        }
        will = new MqttWill
        {
            Topic = topic,
            Payload = payload,
            Quality = (MqttQualityOfService)((flags & QualityMask) >> 3),
            Retain = (flags & 0x20) != 0,
            Properties = properties,
        };
        return MqttReadError.None;
    }

    internal int LengthFor(MqttProtocolVersion version) =>
        (version == MqttProtocolVersion.V500 ? Properties.EncodedLength : 0) + MqttPacketWriter.LengthOf(Topic) + MqttPacketWriter.LengthOf(Payload);

    internal void Write(ref MqttPacketWriter writer, MqttProtocolVersion version)
    {
        if (version == MqttProtocolVersion.V500)
        {
            writer.Write(Properties);
        }
        writer.WriteBinary(Topic);
        writer.WriteBinary(Payload);
    }
}
