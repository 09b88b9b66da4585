using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// DISCONNECT or AUTH: a reason, and properties where there are any.
/// <code>
/// disconnect := header(14), [ u8 reason, [ properties ] ]      // what is in brackets: 5.0 only, and only where needed
/// auth       := header(15), [ u8 reason, [ properties ] ]      // 5.0 only
/// </code>
/// </summary>
public readonly struct DisconnectPacket : IMqttPacket
{
    /// <summary>DISCONNECT or AUTH.</summary>
    public MqttPacketType Type { get; init; }

    /// <summary>Why.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>The properties (5.0).</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>Reads a DISCONNECT or AUTH frame.</summary>
    public static bool TryRead(in MqttFrame frame, MqttProtocolVersion version, out DisconnectPacket packet, out MqttReadError error)
    {
        packet = default;
        error = MqttReadError.Malformed;
        var reader = new MqttReader(frame.Body);
        byte reason = 0;
        MqttProperties properties = default;
        bool isVersion5 = version == MqttProtocolVersion.V500;
        if (!isVersion5 && (frame.Type == MqttPacketType.Auth || !reader.AtEnd))
        {
            return false;
        }
        if (!reader.AtEnd)
        {
            reader.TryRead(out reason);
        }
        if (!reader.AtEnd)
        {
            error = MqttProperties.Read(ref reader, frame.Type, out properties);
            if (error != MqttReadError.None)
            {
                return false;
            }
            if (!reader.AtEnd)
            {
                error = MqttReadError.Malformed;
                return false;
            }
        }
        if (!MqttReasonRules.IsAllowed((MqttReasonCode)reason, frame.Type))
        {
            error = MqttReadError.ProtocolError;
            return false;
        }
        packet = new DisconnectPacket { Type = frame.Type, Reason = (MqttReasonCode)reason, Properties = properties };
        error = MqttReadError.None;
        return true;
    }

    /// <summary>Writes the packet in its shortest form.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        bool hasProperties = version == MqttProtocolVersion.V500 && !Properties.IsEmpty;
        bool hasReason = hasProperties || (version == MqttProtocolVersion.V500 && Reason != MqttReasonCode.Success);
        var writer = new MqttPacketWriter(output, Type, 0, (hasReason ? 1 : 0) + (hasProperties ? Properties.EncodedLength : 0));
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
