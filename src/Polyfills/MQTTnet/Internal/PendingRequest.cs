using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;

namespace MQTTnet.Internal;

/// <summary>A packet that awaits the server's answer.</summary>
internal sealed class PendingRequest(ushort packetId, MqttPacketType awaits)
    : TaskCompletionSource<ServerReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public ushort PacketId { get; } = packetId;

    /// <summary>The answer's type. A publish of QoS 2 awaits first PUBREC and then PUBCOMP.</summary>
    public MqttPacketType Awaits { get; set; } = awaits;

    /// <summary>What PUBREC said.</summary>
    public MqttReasonCode Received { get; set; }

    public bool IsPublish => Awaits is MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubComp;
}
