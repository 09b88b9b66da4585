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

    /// <summary>Of a publish of QoS 2: the message, which goes on after the connection's end where it is published again.</summary>
    public MqttApplicationMessage? Message { get; init; }

    /// <summary>Of a publish: what is left to do.</summary>
    public PublishOrigin Origin { get; init; }
}
