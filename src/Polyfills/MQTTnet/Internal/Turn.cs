using EdgeAgent.Mqtt.Packets;

namespace MQTTnet.Internal;

/// <summary>A received message's place in the order of acknowledgements.</summary>
internal sealed class Turn(MqttPacketType type, ushort packetId)
{
    /// <summary>PUBACK or PUBREC.</summary>
    public MqttPacketType Type { get; } = type;

    public ushort PacketId { get; } = packetId;

    public bool IsSettled { get; set; }

    /// <summary>What to send when the turn comes; null for nothing.</summary>
    public AcknowledgePacket? Packet { get; set; }
}
