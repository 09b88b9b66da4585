using EdgeAgent.Mqtt.Packets;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>
/// What the server has said in CONNACK that it does not take (5.0, section 3.2.2.3). It would close the connection on it, and with the connection
/// all that is in flight would be in doubt; so it is refused here.
/// </summary>
internal sealed class ServerLimits(MqttClientConnectResult answer, WireVersion version)
{
    private readonly long _maximumPacketSize = answer.MaximumPacketSize is > 0 and uint size ? size : MqttFrame.MaximumLength;

    /// <summary>3.1.1 has none of these notions, and leaves the properties out.</summary>
    private bool IsVersion5 => version == WireVersion.V500;

    /// <param name="message">To publish.</param>
    /// <param name="properties">Its properties, encoded.</param>
    /// <param name="topicLength">In bytes of UTF-8.</param>
    public void ThrowIfExceeded(MqttApplicationMessage message, in MqttProperties properties, int topicLength)
    {
        Refuse(message.QualityOfServiceLevel > answer.MaximumQoS, $"messages of QoS {(int)message.QualityOfServiceLevel}");
        Refuse(message.Retain && !answer.RetainAvailable, "retained messages");
        Refuse(IsVersion5 && message.TopicAlias > answer.TopicAliasMaximum, $"topic alias {message.TopicAlias}");
        // Packet id and length of the properties at its longest: up to five bytes too careful.
        ThrowIfTooLarge(sizeof(ushort) + topicLength + sizeof(ushort) + 4 + properties.Encoded.Length + message.Payload.Length);
    }

    public void ThrowIfExceeded(MqttClientSubscribeOptions options, in SubscribePacket packet)
    {
        Refuse(IsVersion5 && options.SubscriptionIdentifier != 0 && !answer.SubscriptionIdentifiersAvailable, "subscription identifiers");
        long length = sizeof(ushort) + 4 + packet.Properties.Encoded.Length;
        foreach (TopicSubscription subscription in packet.Subscriptions.Span)
        {
            length += sizeof(ushort) + subscription.Filter.Length + 1;
        }
        foreach (MqttTopicFilter filter in options.TopicFilters)
        {
            Refuse(!answer.WildcardSubscriptionAvailable && filter.Topic.AsSpan().ContainsAny('+', '#'), "wildcards");
            Refuse(IsVersion5 && !answer.SharedSubscriptionAvailable && filter.Topic.StartsWith("$share/", StringComparison.Ordinal), "shared subscriptions");
        }
        ThrowIfTooLarge(length);
    }

    /// <summary>Whether an acknowledgement may carry these properties: where it may not, they are left out [MQTT-3.4.2-2].</summary>
    public bool Allow(in MqttProperties acknowledgement) => 5 + sizeof(ushort) + 1 + 4 + acknowledgement.Encoded.Length <= _maximumPacketSize;

    private void ThrowIfTooLarge(long remaining)
    {
        const int header = 5;
        if (header + remaining > _maximumPacketSize)
        {
            throw new MqttProtocolViolationException($"The packet takes up to {header + remaining} bytes, and the server takes no more than {_maximumPacketSize}.");
        }
    }

    private static void Refuse(bool isExceeded, string what)
    {
        if (isExceeded)
        {
            throw new MqttProtocolViolationException($"The server does not take {what}.");
        }
    }
}
