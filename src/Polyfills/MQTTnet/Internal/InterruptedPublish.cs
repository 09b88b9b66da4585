using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;

namespace MQTTnet.Internal;

/// <summary>A QoS 2 publish whose connection ended in the middle of the handshake.</summary>
internal sealed class InterruptedPublish(ushort packetId, MqttApplicationMessage message, MqttPacketType awaits, MqttReasonCode received)
{
    // Its publisher may have dropped it, and then nobody will publish it again.
    private readonly WeakReference<MqttApplicationMessage> _message = new(message);

    public ushort PacketId { get; } = packetId;

    /// <summary>PUBREC: the server may or may not have it. PUBCOMP: the server has it.</summary>
    public MqttPacketType Awaits { get; set; } = awaits;

    /// <summary>What PUBREC said.</summary>
    public MqttReasonCode Received { get; } = received;

    /// <summary>Where the handshake was finished on a later connection without its publisher: how it ended.</summary>
    public ServerReply? Ended { get; set; }

    /// <summary>Another interrupted publish of the same message object.</summary>
    public InterruptedPublish? Next { get; set; }

    /// <summary>Whether its publisher can still publish it again.</summary>
    public bool IsAlive => _message.TryGetTarget(out _);
}
