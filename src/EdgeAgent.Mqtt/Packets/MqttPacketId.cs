namespace EdgeAgent.Mqtt.Packets;

/// <summary>What SUBSCRIBE, SUBACK, UNSUBSCRIBE and UNSUBACK begin with: a packet id, which is never zero, and the properties.</summary>
internal static class MqttPacketId
{
    public static MqttReadError ReadWithProperties(
        ref MqttReader reader, MqttPacketType type, MqttProtocolVersion version, out ushort packetId, out MqttProperties properties)
    {
        properties = default;
        if (!reader.TryRead(out packetId))
        {
            return MqttReadError.Malformed;
        }
        if (packetId == 0)
        {
            return MqttReadError.ProtocolError;
        }
        return version == MqttProtocolVersion.V500 ? MqttProperties.Read(ref reader, type, out properties) : MqttReadError.None;
    }
}
