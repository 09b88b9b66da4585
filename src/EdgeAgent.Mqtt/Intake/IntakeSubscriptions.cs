using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// The codes with which a wish for messages is refused. The device is not disconnected, although CONNACK has told it what there is not: many
/// subscribe by habit, and are good publishers.
/// </summary>
internal static class IntakeSubscriptions
{
    public static byte[] Refuse(in SubscribePacket subscribe)
    {
        bool hasIdentifier = subscribe.Properties.TryGet(MqttPropertyId.SubscriptionIdentifier, out uint _);
        byte[] codes = new byte[subscribe.Subscriptions.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            ReadOnlySpan<byte> filter = subscribe.Subscriptions.Span[i].Filter.Span;
            codes[i] = (byte)(hasIdentifier ? MqttReasonCode.SubscriptionIdentifiersNotSupported
                : filter.StartsWith("$share/"u8) ? MqttReasonCode.SharedSubscriptionsNotSupported
                : filter.ContainsAny(TopicName.Wildcards) ? MqttReasonCode.WildcardSubscriptionsNotSupported
                : MqttReasonCode.NotAuthorized);
        }
        return codes;
    }

    public static byte[] Refuse(in UnsubscribePacket unsubscribe)
    {
        byte[] codes = new byte[unsubscribe.Filters.Length];
        codes.AsSpan().Fill((byte)MqttReasonCode.NoSubscriptionExisted);
        return codes;
    }
}
