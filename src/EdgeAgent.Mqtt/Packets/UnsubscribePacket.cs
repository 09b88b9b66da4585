using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// The end of a wish for messages.
/// <code>
/// unsubscribe := header(10), u16 packet-id, [ properties if 5.0 ], string filter one or more times
/// </code>
/// </summary>
public readonly struct UnsubscribePacket : IMqttPacket
{
    /// <summary>Not zero.</summary>
    public ushort PacketId { get; init; }

    /// <summary>The properties (5.0).</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>At least one, in UTF-8.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<byte>> Filters { get; init; }

    /// <summary>Reads an UNSUBSCRIBE frame.</summary>
    public static bool TryRead(in MqttFrame frame, MqttProtocolVersion version, out UnsubscribePacket packet, out MqttReadError error)
    {
        packet = default;
        var reader = new MqttReader(frame.Body);
        error = MqttPacketId.ReadWithProperties(ref reader, frame.Type, version, out ushort packetId, out MqttProperties properties);
        var filters = new List<ReadOnlyMemory<byte>>();
        while (error == MqttReadError.None && !reader.AtEnd)
        {
            if (!reader.TryReadString(out ReadOnlyMemory<byte> filter))
            {
                error = MqttReadError.Malformed;
            }
            else if (!TopicFilter.IsValid(filter.Span))
            {
                error = MqttReadError.ProtocolError;
            }
            filters.Add(filter);
        }
        if (error == MqttReadError.None && filters.Count == 0)
        {
            error = MqttReadError.ProtocolError;
        }
        if (error != MqttReadError.None)
        {
            return false;
        }
        packet = new UnsubscribePacket { PacketId = packetId, Properties = properties, Filters = filters.ToArray() };
        return true;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        bool isVersion5 = version == MqttProtocolVersion.V500;
        int remaining = sizeof(ushort) + (isVersion5 ? Properties.EncodedLength : 0);
        foreach (ReadOnlyMemory<byte> filter in Filters.Span)
        {
            remaining += MqttPacketWriter.LengthOf(filter);
        }
        var writer = new MqttPacketWriter(output, MqttPacketType.Unsubscribe, 0b0010, remaining);
        writer.Write(PacketId);
        if (isVersion5)
        {
            writer.Write(Properties);
        }
        foreach (ReadOnlyMemory<byte> filter in Filters.Span)
        {
            writer.WriteBinary(filter);
        }
        writer.Complete();
    }
}
