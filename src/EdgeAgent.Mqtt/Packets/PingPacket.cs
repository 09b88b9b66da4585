using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// PINGREQ and PINGRESP: a type and nothing else.
/// <code>
/// ping := header(12 | 13)
/// </code>
/// </summary>
public readonly struct PingPacket : IMqttPacket
{
    /// <summary>PINGREQ or PINGRESP.</summary>
    public MqttPacketType Type { get; init; }

    /// <summary>Reads a PINGREQ or PINGRESP frame.</summary>
    public static bool TryRead(in MqttFrame frame, out PingPacket packet, out MqttReadError error)
    {
        packet = new PingPacket { Type = frame.Type };
        error = frame.Body.IsEmpty ? MqttReadError.None : MqttReadError.Malformed;
        return frame.Body.IsEmpty;
    }

    /// <summary>Writes the packet, which is the same in both versions.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version) => new MqttPacketWriter(output, Type, 0, 0).Complete();
}
