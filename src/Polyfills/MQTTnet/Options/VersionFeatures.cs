using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>What only MQTT 5.0 has, and must not be asked for in 3.1.1.</summary>
internal static class VersionFeatures
{
    public static void ThrowIfNotSupported(MqttClientOptions options)
    {
        if (options.ProtocolVersion == MqttProtocolVersion.V500)
        {
            return;
        }
        Refuse(options.UserProperties is { Count: > 0 }, nameof(options.UserProperties));
        Refuse(options.RequestResponseInformation, nameof(options.RequestResponseInformation));
        Refuse(options.ReceiveMaximum > 0, nameof(options.ReceiveMaximum));
        Refuse(options.MaximumPacketSize > 0, nameof(options.MaximumPacketSize));
        Refuse(options.WillPayloadFormatIndicator != MqttPayloadFormatIndicator.Unspecified, nameof(options.WillPayloadFormatIndicator));
        Refuse(!string.IsNullOrEmpty(options.WillContentType), nameof(options.WillContentType));
        Refuse(options.WillCorrelationData is { Length: > 0 }, nameof(options.WillCorrelationData));
        Refuse(!string.IsNullOrEmpty(options.WillResponseTopic), nameof(options.WillResponseTopic));
        Refuse(options.WillDelayInterval > 0, nameof(options.WillDelayInterval));
        Refuse(options.WillMessageExpiryInterval > 0, nameof(options.WillMessageExpiryInterval));
        Refuse(options.WillUserProperties is { Count: > 0 }, nameof(options.WillUserProperties));
    }

    public static void ThrowIfNotSupported(MqttApplicationMessage message, MqttProtocolVersion version)
    {
        if (version == MqttProtocolVersion.V500)
        {
            return;
        }
        Refuse(!string.IsNullOrEmpty(message.ContentType), nameof(message.ContentType));
        Refuse(message.UserProperties is { Count: > 0 }, nameof(message.UserProperties));
        Refuse(message.CorrelationData is { Length: > 0 }, nameof(message.CorrelationData));
        Refuse(!string.IsNullOrEmpty(message.ResponseTopic), nameof(message.ResponseTopic));
        Refuse(message.SubscriptionIdentifiers is { Count: > 0 }, nameof(message.SubscriptionIdentifiers));
        Refuse(message.TopicAlias > 0, nameof(message.TopicAlias));
        Refuse(message.PayloadFormatIndicator != MqttPayloadFormatIndicator.Unspecified, nameof(message.PayloadFormatIndicator));
    }

    public static void ThrowIfNotSupported(MqttClientSubscribeOptions options, MqttProtocolVersion version)
    {
        if (version == MqttProtocolVersion.V500)
        {
            return;
        }
        Refuse(options.UserProperties is { Count: > 0 }, nameof(options.UserProperties));
        Refuse(options.SubscriptionIdentifier != 0, nameof(options.SubscriptionIdentifier));
        foreach (MqttTopicFilter filter in options.TopicFilters)
        {
            Refuse(filter.NoLocal, nameof(filter.NoLocal));
            Refuse(filter.RetainAsPublished, nameof(filter.RetainAsPublished));
            Refuse(filter.RetainHandling != MqttRetainHandling.SendAtSubscribe, nameof(filter.RetainHandling));
        }
    }

    public static void ThrowIfNotSupported(MqttClientUnsubscribeOptions options, MqttProtocolVersion version) =>
        Refuse(version != MqttProtocolVersion.V500 && options.UserProperties is { Count: > 0 }, nameof(options.UserProperties));

    public static void ThrowIfNotSupported(MqttClientDisconnectOptions options, MqttProtocolVersion version)
    {
        if (version == MqttProtocolVersion.V500)
        {
            return;
        }
        Refuse(!string.IsNullOrEmpty(options.ReasonString), nameof(options.ReasonString));
        Refuse(options.Reason != MqttClientDisconnectOptionsReason.NormalDisconnection, nameof(options.Reason));
    }

    private static void Refuse(bool isUsed, string feature)
    {
        if (isUsed)
        {
            throw new NotSupportedException($"{feature} needs MQTT 5.0.");
        }
    }
}
