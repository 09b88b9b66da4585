using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>One wish of a SUBSCRIBE.</summary>
public readonly struct TopicSubscription
{
    /// <summary>The topic filter in UTF-8; valid as <see cref="TopicFilter"/> says.</summary>
    public ReadOnlyMemory<byte> Filter { get; init; }

    /// <summary>Messages come with this quality at most.</summary>
    public MqttQualityOfService MaximumQuality { get; init; }

    /// <summary>Not what this client published itself (5.0).</summary>
    public bool NoLocal { get; init; }

    /// <summary>Keep the retain flag as it was published (5.0).</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>0: send retained messages; 1: only for a new subscription; 2: never (5.0).</summary>
    public byte RetainHandling { get; init; }

    internal byte Options => (byte)((int)MaximumQuality | (NoLocal ? 0x04 : 0) | (RetainAsPublished ? 0x08 : 0) | (RetainHandling << 4));
}

/// <summary>
/// A wish for messages.
/// <code>
/// subscribe := header(8), u16 packet-id, [ properties if 5.0 ], ( string filter, u8 options ) one or more times
/// options   := 00, retain-handling(2), retain-as-published(1), no-local(1), maximum-qos(2)       // 3.1.1: only the qos
/// </code>
/// </summary>
public readonly struct SubscribePacket : IMqttPacket
{
    /// <summary>Not zero.</summary>
    public ushort PacketId { get; init; }

    /// <summary>The properties (5.0).</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>At least one.</summary>
    public ReadOnlyMemory<TopicSubscription> Subscriptions { get; init; }

    /// <summary>Reads a SUBSCRIBE frame.</summary>
    public static bool TryRead(in MqttFrame frame, MqttProtocolVersion version, out SubscribePacket packet, out MqttReadError error)
    {
        packet = default;
        var reader = new MqttReader(frame.Body);
        error = MqttPacketId.ReadWithProperties(ref reader, frame.Type, version, out ushort packetId, out MqttProperties properties);
        var subscriptions = new List<TopicSubscription>();
        while (error == MqttReadError.None && !reader.AtEnd)
        {
            error = ReadOne(ref reader, version, out TopicSubscription subscription);
            subscriptions.Add(subscription);
        }
        if (error == MqttReadError.None && subscriptions.Count == 0)
        {
            error = MqttReadError.ProtocolError;
        }
        if (error != MqttReadError.None)
        {
            return false;
        }
        packet = new SubscribePacket { PacketId = packetId, Properties = properties, Subscriptions = subscriptions.ToArray() };
        return true;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        bool isVersion5 = version == MqttProtocolVersion.V500;
        int remaining = sizeof(ushort) + (isVersion5 ? Properties.EncodedLength : 0);
        foreach (TopicSubscription subscription in Subscriptions.Span)
        {
            remaining += MqttPacketWriter.LengthOf(subscription.Filter) + 1;
        }
        var writer = new MqttPacketWriter(output, MqttPacketType.Subscribe, 0b0010, remaining);
        writer.Write(PacketId);
        if (isVersion5)
        {
            writer.Write(Properties);
        }
        foreach (TopicSubscription subscription in Subscriptions.Span)
        {
            writer.WriteBinary(subscription.Filter);
            writer.Write(isVersion5 ? subscription.Options : (byte)subscription.MaximumQuality);
        }
        writer.Complete();
    }

    private static MqttReadError ReadOne(ref MqttReader reader, MqttProtocolVersion version, out TopicSubscription subscription)
    {
        subscription = default;
        if (!reader.TryReadString(out ReadOnlyMemory<byte> filter) || !reader.TryRead(out byte options))
        {
            return MqttReadError.Malformed;
        }
        int reserved = version == MqttProtocolVersion.V500 ? 0b1100_0000 : 0b1111_1100;
        if ((options & reserved) != 0 || (options & 0b11) == 0b11)
        {
            return MqttReadError.Malformed;
        }
        subscription = new TopicSubscription
        {
            Filter = filter,
            MaximumQuality = (MqttQualityOfService)(options & 0b11),
            NoLocal = (options & 0x04) != 0,
            RetainAsPublished = (options & 0x08) != 0,
            RetainHandling = (byte)(options >> 4),
        };
        bool isValid = TopicFilter.IsValid(filter.Span)
            && subscription.RetainHandling <= 2
            && !(subscription.NoLocal && filter.Span.StartsWith("$share/"u8));
        return isValid ? MqttReadError.None : MqttReadError.ProtocolError;
    }
}
