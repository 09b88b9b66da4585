using System.Text;
using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Packets;
using MQTTnet.Packets;
using WireVersion = EdgeAgent.Mqtt.MqttProtocolVersion;

namespace MQTTnet.Internal;

/// <summary>From this library's options to packets. What 3.1.1 does not have is left out by the packets themselves.</summary>
internal static class OutgoingPackets
{
    public static ConnectPacket Connect(MqttClientOptions options, WireVersion version)
    {
        var properties = new MqttPropertiesBuilder();
        if (!options.RequestProblemInformation)
        {
            // Of all numbers this is the one whose absence does not mean 0.
            properties.Add(MqttPropertyId.RequestProblemInformation, 0);
        }
        string? userName = options.Credentials?.GetUserName(options);
        return new ConnectPacket
        {
            Version = version,
            CleanStart = options.CleanSession,
            KeepAlive = (ushort)double.Min(options.KeepAlivePeriod.TotalSeconds, ushort.MaxValue),
            ClientId = Encoding.UTF8.GetBytes(options.ClientId ?? ""),
            UserName = userName is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(userName),
            Password = options.Credentials?.GetPassword(options) is { } password ? (ReadOnlyMemory<byte>?)password : null,
            Will = string.IsNullOrEmpty(options.WillTopic) ? null : Will(options, options.WillTopic),
            Properties = properties
                .AddNumber(MqttPropertyId.SessionExpiryInterval, options.SessionExpiryInterval)
                .AddNumber(MqttPropertyId.ReceiveMaximum, options.ReceiveMaximum)
                .AddNumber(MqttPropertyId.MaximumPacketSize, options.MaximumPacketSize)
                .AddNumber(MqttPropertyId.TopicAliasMaximum, options.TopicAliasMaximum)
                .AddNumber(MqttPropertyId.RequestResponseInformation, options.RequestResponseInformation ? 1u : 0)
                .AddUser(options.UserProperties)
                .Build(),
        };
    }

    /// <summary>All of a publish but its topic, packet id and payload.</summary>
    public static PublishPacket Publish(MqttApplicationMessage message) => new()
    {
        Quality = (MqttQualityOfService)message.QualityOfServiceLevel,
        Retain = message.Retain,
        Properties = HasProperties(message)
            ? new MqttPropertiesBuilder()
                .AddNumber(MqttPropertyId.PayloadFormatIndicator, (uint)message.PayloadFormatIndicator)
                .AddNumber(MqttPropertyId.MessageExpiryInterval, message.MessageExpiryInterval)
                .AddNumber(MqttPropertyId.TopicAlias, message.TopicAlias)
                .AddText(MqttPropertyId.ResponseTopic, message.ResponseTopic)
                .AddBinary(MqttPropertyId.CorrelationData, message.CorrelationData)
                .AddText(MqttPropertyId.ContentType, message.ContentType)
                .AddUser(message.UserProperties)
                .Build()
            : default,
    };

    public static SubscribePacket Subscribe(MqttClientSubscribeOptions options, ushort packetId) => new()
    {
        PacketId = packetId,
        Subscriptions = options.TopicFilters.ConvertAll(Subscription).ToArray(),
        Properties = new MqttPropertiesBuilder()
            .AddNumber(MqttPropertyId.SubscriptionIdentifier, options.SubscriptionIdentifier)
            .AddUser(options.UserProperties)
            .Build(),
    };

    public static UnsubscribePacket Unsubscribe(MqttClientUnsubscribeOptions options, ushort packetId) => new()
    {
        PacketId = packetId,
        Filters = options.TopicFilters.ConvertAll(filter => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(filter)).ToArray(),
        Properties = new MqttPropertiesBuilder().AddUser(options.UserProperties).Build(),
    };

    public static DisconnectPacket Disconnect(MqttClientDisconnectOptions options) => new()
    {
        Type = MqttPacketType.Disconnect,
        Reason = (MqttReasonCode)options.Reason,
        Properties = new MqttPropertiesBuilder()
            .AddNumber(MqttPropertyId.SessionExpiryInterval, options.SessionExpiryInterval)
            .AddText(MqttPropertyId.ReasonString, options.ReasonString)
            .AddUser(options.UserProperties)
            .Build(),
    };

    private static bool HasProperties(MqttApplicationMessage message) =>
        message.PayloadFormatIndicator != 0 || message.MessageExpiryInterval != 0 || message.TopicAlias != 0 || message.ResponseTopic is not null
        || message.CorrelationData is not null || message.ContentType is not null || message.UserProperties is not null;

    private static TopicSubscription Subscription(MqttTopicFilter filter) => new()
    {
        Filter = Encoding.UTF8.GetBytes(filter.Topic),
        MaximumQuality = (MqttQualityOfService)filter.QualityOfServiceLevel,
        NoLocal = filter.NoLocal,
        RetainAsPublished = filter.RetainAsPublished,
        RetainHandling = (byte)filter.RetainHandling,
    };

    private static MqttWill Will(MqttClientOptions options, string topic) => new()
    {
        Topic = Encoding.UTF8.GetBytes(topic),
        Payload = options.WillPayload,
        Quality = (MqttQualityOfService)options.WillQualityOfServiceLevel,
        Retain = options.WillRetain,
        Properties = new MqttPropertiesBuilder()
            .AddNumber(MqttPropertyId.WillDelayInterval, options.WillDelayInterval)
            .AddNumber(MqttPropertyId.PayloadFormatIndicator, (uint)options.WillPayloadFormatIndicator)
            .AddNumber(MqttPropertyId.MessageExpiryInterval, options.WillMessageExpiryInterval)
            .AddText(MqttPropertyId.ContentType, options.WillContentType)
            .AddText(MqttPropertyId.ResponseTopic, options.WillResponseTopic)
            .AddBinary(MqttPropertyId.CorrelationData, options.WillCorrelationData)
            .AddUser(options.WillUserProperties)
            .Build(),
    };
}
