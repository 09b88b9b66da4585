using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests;

/// <summary>Sound packets of every type in both versions and for both roles, with every property somewhere: what fuzzing starts from.</summary>
internal static class SamplePackets
{
    private static readonly MqttProperties s_ofPublish = new MqttPropertiesBuilder()
        .Add(MqttPropertyId.PayloadFormatIndicator, 1).Add(MqttPropertyId.MessageExpiryInterval, 1).Add(MqttPropertyId.ContentType, "c")
        .Add(MqttPropertyId.ResponseTopic, "r").Add(MqttPropertyId.CorrelationData, new byte[] { 0, 255 }).AddUser("a", "b").AddUser("a", "").Build();

    private static readonly MqttProperties s_ofConnect = new MqttPropertiesBuilder()
        .Add(MqttPropertyId.SessionExpiryInterval, 60).Add(MqttPropertyId.ReceiveMaximum, 5).Add(MqttPropertyId.MaximumPacketSize, 1000)
        .Add(MqttPropertyId.TopicAliasMaximum, 2).Add(MqttPropertyId.RequestProblemInformation, 1).Add(MqttPropertyId.RequestResponseInformation, 0)
        .AddUser("a", "b").Build();

    private static readonly MqttProperties s_ofConnAck = new MqttPropertiesBuilder()
        .Add(MqttPropertyId.ServerKeepAlive, 5).Add(MqttPropertyId.AssignedClientIdentifier, "x").Add(MqttPropertyId.MaximumQoS, 1)
        .Add(MqttPropertyId.RetainAvailable, 1).Add(MqttPropertyId.WildcardSubscriptionAvailable, 1).Add(MqttPropertyId.SubscriptionIdentifiersAvailable, 1)
        .Add(MqttPropertyId.SharedSubscriptionAvailable, 0).Add(MqttPropertyId.ResponseInformation, "i").Add(MqttPropertyId.ReasonString, "ä").Build();

    private static readonly MqttProperties s_ofAuth = new MqttPropertiesBuilder()
        .Add(MqttPropertyId.AuthenticationMethod, "m").Add(MqttPropertyId.AuthenticationData, new byte[] { 1 }).Build();

    private static readonly MqttProperties s_reason = new MqttPropertiesBuilder().Add(MqttPropertyId.ReasonString, "r").AddUser("a", "b").Build();

    public static IReadOnlyList<byte[]> All { get; } = [.. Of(MqttProtocolVersion.V311), .. Of(MqttProtocolVersion.V500)];

    public static IEnumerable<byte[]> Of(MqttProtocolVersion version)
    {
        yield return Bytes.Of(new ConnectPacket { Version = version, CleanStart = true, ClientId = Utf8("c") });
        yield return Bytes.Of(new ConnectPacket
        {
            Version = version,
            KeepAlive = 60,
            ClientId = Utf8("Gerät"),
            Will = new MqttWill
            {
                Topic = Utf8("w"),
                Payload = Utf8("p"),
                Quality = MqttQualityOfService.AtLeastOnce,
                Retain = true,
                Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.WillDelayInterval, 5).Add(MqttPropertyId.ContentType, "c").Build(),
            },
            UserName = Utf8("u"),
            Password = Utf8("p"),
            Properties = s_ofConnect,
        });
        yield return Bytes.Of(new ConnAckPacket { SessionPresent = true, Properties = s_ofConnAck }, version);
        yield return Bytes.Of(new ConnAckPacket { Reason = MqttReasonCode.NotAuthorized }, version);
        yield return Bytes.Of(new PublishPacket { Topic = Utf8("a/b"), Payload = Utf8("x"), Retain = true }, version);
        yield return Bytes.Of(new PublishPacket { Topic = Utf8("a/b"), PacketId = 1, Quality = MqttQualityOfService.AtLeastOnce, Payload = Utf8("x"), Properties = s_ofPublish }, version);
        yield return Bytes.Of(new PublishPacket { Topic = Utf8("ü"), PacketId = 258, Quality = MqttQualityOfService.ExactlyOnce, Duplicate = true, Payload = new byte[200] }, version);
        foreach (MqttPacketType type in new[] { MqttPacketType.PubAck, MqttPacketType.PubRec, MqttPacketType.PubRel, MqttPacketType.PubComp })
        {
            bool isRelease = type is MqttPacketType.PubRel or MqttPacketType.PubComp;
            yield return Bytes.Of(new AcknowledgePacket { Type = type, PacketId = 1 }, version);
            yield return Bytes.Of(
                new AcknowledgePacket
                {
                    Type = type,
                    PacketId = 1,
                    Reason = isRelease ? MqttReasonCode.PacketIdentifierNotFound : MqttReasonCode.QuotaExceeded,
                    Properties = s_reason,
                },
                version);
        }
        yield return Bytes.Of(
            new SubscribePacket
            {
                PacketId = 1,
                Subscriptions = new[] { new TopicSubscription { Filter = Utf8("$share/a/b/#"), MaximumQuality = MqttQualityOfService.AtLeastOnce }, new TopicSubscription { Filter = Utf8("+/x"), NoLocal = version == V500 } },
                Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.SubscriptionIdentifier, 300).Build(),
            },
            version);
        yield return Bytes.Of(new UnsubscribePacket { PacketId = 1, Filters = new[] { Utf8("+/a"), Utf8("b") } }, version);
        yield return Bytes.Of(new SubscriptionReplyPacket { Type = MqttPacketType.SubAck, PacketId = 1, Codes = new byte[] { 0, 1, 2, 0x80 }, Properties = s_reason }, version);
        yield return Bytes.Of(new SubscriptionReplyPacket { Type = MqttPacketType.UnsubAck, PacketId = 1, Codes = new byte[] { 0, 0x11 } }, version);
        yield return Bytes.Of(new PingPacket { Type = MqttPacketType.PingReq }, version);
        yield return Bytes.Of(new PingPacket { Type = MqttPacketType.PingResp }, version);
        yield return Bytes.Of(new DisconnectPacket { Type = MqttPacketType.Disconnect }, version);
        if (version == V500)
        {
            yield return Bytes.Of(new PublishPacket { Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.TopicAlias, 1).Build() }, version);
            yield return Bytes.Of(
                new DisconnectPacket
                {
                    Type = MqttPacketType.Disconnect,
                    Reason = MqttReasonCode.ServerMoved,
                    Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.ServerReference, "s").Add(MqttPropertyId.SessionExpiryInterval, 9).Build(),
                },
                version);
            yield return Bytes.Of(new DisconnectPacket { Type = MqttPacketType.Auth, Reason = MqttReasonCode.ContinueAuthentication, Properties = s_ofAuth }, version);
        }
    }
}
