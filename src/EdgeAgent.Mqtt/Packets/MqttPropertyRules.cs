namespace EdgeAgent.Mqtt.Packets;

/// <summary>How a property's value is written down.</summary>
internal enum MqttPropertyKind
{
    /// <summary>There is no such property.</summary>
    Unknown,

    /// <summary>One byte that is 0 or 1.</summary>
    Flag,

    /// <summary>u16.</summary>
    UInt16,

    /// <summary>u16 that must not be 0.</summary>
    PositiveUInt16,

    /// <summary>u32.</summary>
    UInt32,

    /// <summary>u32 that must not be 0.</summary>
    PositiveUInt32,

    /// <summary>A variable byte integer that must not be 0.</summary>
    PositiveVariable,

    /// <summary>A UTF-8 string.</summary>
    Text,

    /// <summary>Binary data.</summary>
    Binary,

    /// <summary>Two UTF-8 strings.</summary>
    TextPair,
}

/// <summary>Table 2-4 of MQTT 5.0: what each property holds, where it may stand, and whether more than once.</summary>
internal static class MqttPropertyRules
{
    /// <summary>A bit for every packet that can have properties; bit 0 stands for the will, which has its own.</summary>
    private const int Will = 1;
    private const int Connect = 1 << (int)MqttPacketType.Connect;
    private const int ConnAck = 1 << (int)MqttPacketType.ConnAck;
    private const int Publish = 1 << (int)MqttPacketType.Publish;
    private const int Acknowledgements = (1 << (int)MqttPacketType.PubAck) | (1 << (int)MqttPacketType.PubRec)
        | (1 << (int)MqttPacketType.PubRel) | (1 << (int)MqttPacketType.PubComp);
    private const int Subscribe = 1 << (int)MqttPacketType.Subscribe;
    private const int SubAck = 1 << (int)MqttPacketType.SubAck;
    private const int Unsubscribe = 1 << (int)MqttPacketType.Unsubscribe;
    private const int UnsubAck = 1 << (int)MqttPacketType.UnsubAck;
    private const int Disconnect = 1 << (int)MqttPacketType.Disconnect;
    private const int Auth = 1 << (int)MqttPacketType.Auth;
    private const int Replies = ConnAck | Acknowledgements | SubAck | UnsubAck | Disconnect | Auth;

    /// <summary>Stands for the will, which is no packet but has properties of its own within CONNECT.</summary>
    public const MqttPacketType WillOwner = 0;

    public static bool IsAllowed(MqttPropertyId id, MqttPacketType owner) => (OwnersOf(id) & (1 << (int)owner)) != 0;

    /// <summary>User properties may repeat everywhere; a PUBLISH carries the identifier of every subscription that it matches.</summary>
    public static bool MayRepeat(MqttPropertyId id, MqttPacketType owner) =>
        id == MqttPropertyId.UserProperty || (id == MqttPropertyId.SubscriptionIdentifier && owner == MqttPacketType.Publish);

    public static MqttPropertyKind KindOf(MqttPropertyId id) => id switch
    {
        MqttPropertyId.PayloadFormatIndicator or MqttPropertyId.RequestProblemInformation or MqttPropertyId.RequestResponseInformation
            or MqttPropertyId.MaximumQoS or MqttPropertyId.RetainAvailable or MqttPropertyId.WildcardSubscriptionAvailable
            or MqttPropertyId.SubscriptionIdentifiersAvailable or MqttPropertyId.SharedSubscriptionAvailable => MqttPropertyKind.Flag,
        MqttPropertyId.ServerKeepAlive or MqttPropertyId.TopicAliasMaximum => MqttPropertyKind.UInt16,
        MqttPropertyId.ReceiveMaximum or MqttPropertyId.TopicAlias => MqttPropertyKind.PositiveUInt16,
        MqttPropertyId.MessageExpiryInterval or MqttPropertyId.SessionExpiryInterval or MqttPropertyId.WillDelayInterval => MqttPropertyKind.UInt32,
        MqttPropertyId.MaximumPacketSize => MqttPropertyKind.PositiveUInt32,
        MqttPropertyId.SubscriptionIdentifier => MqttPropertyKind.PositiveVariable,
        MqttPropertyId.ContentType or MqttPropertyId.ResponseTopic or MqttPropertyId.AssignedClientIdentifier or MqttPropertyId.AuthenticationMethod
            or MqttPropertyId.ResponseInformation or MqttPropertyId.ServerReference or MqttPropertyId.ReasonString => MqttPropertyKind.Text,
        MqttPropertyId.CorrelationData or MqttPropertyId.AuthenticationData => MqttPropertyKind.Binary,
        MqttPropertyId.UserProperty => MqttPropertyKind.TextPair,
        _ => MqttPropertyKind.Unknown,
    };

    private static int OwnersOf(MqttPropertyId id) => id switch
    {
        MqttPropertyId.PayloadFormatIndicator or MqttPropertyId.MessageExpiryInterval or MqttPropertyId.ContentType
            or MqttPropertyId.ResponseTopic or MqttPropertyId.CorrelationData => Publish | Will,
        MqttPropertyId.SubscriptionIdentifier => Publish | Subscribe,
        MqttPropertyId.SessionExpiryInterval => Connect | ConnAck | Disconnect,
        MqttPropertyId.AuthenticationMethod or MqttPropertyId.AuthenticationData => Connect | ConnAck | Auth,
        MqttPropertyId.RequestProblemInformation or MqttPropertyId.RequestResponseInformation => Connect,
        MqttPropertyId.WillDelayInterval => Will,
        MqttPropertyId.ServerReference => ConnAck | Disconnect,
        MqttPropertyId.ReasonString => Replies,
        MqttPropertyId.ReceiveMaximum or MqttPropertyId.TopicAliasMaximum or MqttPropertyId.MaximumPacketSize => Connect | ConnAck,
        MqttPropertyId.TopicAlias => Publish,
        MqttPropertyId.UserProperty => Will | Connect | Publish | Subscribe | Unsubscribe | Replies,
        MqttPropertyId.AssignedClientIdentifier or MqttPropertyId.ServerKeepAlive or MqttPropertyId.ResponseInformation or MqttPropertyId.MaximumQoS
            or MqttPropertyId.RetainAvailable or MqttPropertyId.WildcardSubscriptionAvailable
            or MqttPropertyId.SubscriptionIdentifiersAvailable or MqttPropertyId.SharedSubscriptionAvailable => ConnAck,
        _ => 0,
    };
}
