using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>A packet that either side may send once a connection's version is agreed on; that is, any but CONNECT.</summary>
public interface IMqttPacket
{
    /// <summary>Writes the packet in the form of that version.</summary>
    void Write(IBufferWriter<byte> output, MqttProtocolVersion version);
}
