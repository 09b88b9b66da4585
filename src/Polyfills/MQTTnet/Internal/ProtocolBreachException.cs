using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;
using MQTTnet.Exceptions;

namespace MQTTnet.Internal;

/// <summary>The server has broken the protocol: the connection must close, and a 5.0 server is told why.</summary>
internal sealed class ProtocolBreachException(MqttReasonCode reason, string message) : MqttProtocolViolationException(message)
{
    public MqttReasonCode Reason { get; } = reason;

    public static ProtocolBreachException Unreadable(MqttPacketType type, MqttReadError error) =>
        new(error.ToReasonCode(), $"The server sent a {type} packet that cannot be read: {error}.");
}
