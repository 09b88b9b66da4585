namespace EdgeAgent.Mqtt.Packets;

/// <summary>Which reason code may stand in which packet (5.0, the tables of sections 3.2 to 3.15).</summary>
internal static class MqttReasonRules
{
    public static bool IsAllowed(MqttReasonCode code, MqttPacketType packet) => packet switch
    {
        MqttPacketType.ConnAck => code is MqttReasonCode.Success
            or (>= MqttReasonCode.UnspecifiedError and <= MqttReasonCode.Banned) or MqttReasonCode.BadAuthenticationMethod
            or MqttReasonCode.TopicNameInvalid or MqttReasonCode.PacketTooLarge or MqttReasonCode.QuotaExceeded
            or (>= MqttReasonCode.PayloadFormatInvalid and <= MqttReasonCode.ServerMoved) or MqttReasonCode.ConnectionRateExceeded,
        MqttPacketType.PubAck or MqttPacketType.PubRec => code is MqttReasonCode.Success or MqttReasonCode.NoMatchingSubscribers
            or MqttReasonCode.UnspecifiedError or MqttReasonCode.ImplementationSpecificError or MqttReasonCode.NotAuthorized
            or MqttReasonCode.TopicNameInvalid or MqttReasonCode.PacketIdentifierInUse or MqttReasonCode.QuotaExceeded
            or MqttReasonCode.PayloadFormatInvalid,
        MqttPacketType.PubRel or MqttPacketType.PubComp => code is MqttReasonCode.Success or MqttReasonCode.PacketIdentifierNotFound,
        MqttPacketType.SubAck => code is <= MqttReasonCode.GrantedQoS2 or MqttReasonCode.UnspecifiedError
            or MqttReasonCode.ImplementationSpecificError or MqttReasonCode.NotAuthorized or MqttReasonCode.TopicFilterInvalid
            or MqttReasonCode.PacketIdentifierInUse or MqttReasonCode.QuotaExceeded or MqttReasonCode.SharedSubscriptionsNotSupported
            or MqttReasonCode.SubscriptionIdentifiersNotSupported or MqttReasonCode.WildcardSubscriptionsNotSupported,
        MqttPacketType.UnsubAck => code is MqttReasonCode.Success or MqttReasonCode.NoSubscriptionExisted or MqttReasonCode.UnspecifiedError
            or MqttReasonCode.ImplementationSpecificError or MqttReasonCode.NotAuthorized or MqttReasonCode.TopicFilterInvalid
            or MqttReasonCode.PacketIdentifierInUse,
        MqttPacketType.Disconnect => code is MqttReasonCode.Success or MqttReasonCode.DisconnectWithWillMessage
            or (>= MqttReasonCode.UnspecifiedError and <= MqttReasonCode.ImplementationSpecificError) or MqttReasonCode.NotAuthorized
            or MqttReasonCode.ServerBusy or (>= MqttReasonCode.ServerShuttingDown and <= MqttReasonCode.TopicNameInvalid)
            or (>= MqttReasonCode.ReceiveMaximumExceeded and <= MqttReasonCode.WildcardSubscriptionsNotSupported),
        MqttPacketType.Auth => code is MqttReasonCode.Success or MqttReasonCode.ContinueAuthentication or MqttReasonCode.ReAuthenticate,
        _ => false,
    };
}
