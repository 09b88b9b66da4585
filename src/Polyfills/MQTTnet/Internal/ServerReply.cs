using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;
using MQTTnet.Packets;

namespace MQTTnet.Internal;

/// <summary>The server's answer to a publish, a subscription or the end of one.</summary>
internal readonly struct ServerReply
{
    private ServerReply(MqttReasonCode reason, byte[] codes, in MqttProperties properties)
    {
        Reason = reason;
        Codes = codes;
        ReasonString = properties.GetText(MqttPropertyId.ReasonString);
        UserProperties = properties.GetUser() ?? (IReadOnlyCollection<MqttUserProperty>)[];
    }

    public MqttReasonCode Reason { get; }

    /// <summary>One for each filter; none from a 3.1.1 server to UNSUBSCRIBE.</summary>
    public byte[] Codes { get; }

    public string? ReasonString { get; }

    public IReadOnlyCollection<MqttUserProperty> UserProperties { get; }

    public static ServerReply From(in AcknowledgePacket packet, MqttReasonCode reason) => new(reason, [], packet.Properties);

    /// <summary>PUBCOMP has no more to say than that all went well, or that the server has forgotten the message: PUBREC said how well.</summary>
    public static ServerReply OfExactlyOnce(in AcknowledgePacket completed, MqttReasonCode received) =>
        From(completed, completed.Reason == MqttReasonCode.PacketIdentifierNotFound ? MqttReasonCode.UnspecifiedError : received);

    public static ServerReply From(in SubscriptionReplyPacket packet) => new(MqttReasonCode.Success, packet.Codes.ToArray(), packet.Properties);
}
