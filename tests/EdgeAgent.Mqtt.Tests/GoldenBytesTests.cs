using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests;

/// <summary>Bytes worked out by hand from the specifications, so that writer and reader cannot be wrong together.</summary>
public sealed class GoldenBytesTests
{
    [Fact]
    public void Connect_of_3_1_1_with_will_user_and_password()
    {
        var connect = new ConnectPacket
        {
            Version = V311,
            CleanStart = true,
            KeepAlive = 60,
            ClientId = Utf8("dev"),
            Will = new MqttWill { Topic = Utf8("w/t"), Payload = Utf8("gone"), Quality = MqttQualityOfService.AtLeastOnce, Retain = true },
            UserName = Utf8("u"),
            Password = Utf8("pw"),
        };
        Assert.Equal("1021 00044D515454 04 EE 003C 0003646576 0003772F74 0004676F6E65 000175 00027077".Replace(" ", ""), Convert.ToHexString(Of(connect)));
    }

    [Fact]
    public void Connect_of_5_0_with_properties_and_will_delay()
    {
        var connect = new ConnectPacket
        {
            Version = V500,
            KeepAlive = 10,
            ClientId = Utf8("d"),
            Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.SessionExpiryInterval, 300).Add(MqttPropertyId.ReceiveMaximum, 20).Build(),
            Will = new MqttWill { Topic = Utf8("t"), Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.WillDelayInterval, 5).Build() },
        };
        Assert.Equal("1021 00044D515454 05 04 000A 08 110000012C 210014 000164 05 1800000005 000174 0000".Replace(" ", ""), Convert.ToHexString(Of(connect)));
    }

    [Theory]
    [InlineData(V311, MqttReasonCode.Success, true, "20020100")]
    [InlineData(V311, MqttReasonCode.UnsupportedProtocolVersion, false, "20020001")]
    [InlineData(V311, MqttReasonCode.ClientIdentifierNotValid, false, "20020002")]
    [InlineData(V311, MqttReasonCode.Banned, false, "20020003")]
    [InlineData(V311, MqttReasonCode.BadUserNameOrPassword, false, "20020004")]
    [InlineData(V311, MqttReasonCode.NotAuthorized, false, "20020005")]
    [InlineData(V500, MqttReasonCode.Success, true, "2003010000")]
    [InlineData(V500, MqttReasonCode.Banned, false, "2003008A00")]
    public void ConnAck(MqttProtocolVersion version, MqttReasonCode reason, bool isPresent, string hex) =>
        Assert.Equal(hex, Hex(new ConnAckPacket { Reason = reason, SessionPresent = isPresent }, version));

    [Fact]
    public void Publish_at_every_quality()
    {
        var message = new PublishPacket { Topic = Utf8("a/b"), Payload = Utf8("21"), Retain = true };
        Assert.Equal("3107" + "0003612F62" + "3231", Hex(message, V311));
        Assert.Equal("3108" + "0003612F62" + "00" + "3231", Hex(message, V500));
        Assert.Equal("3A09" + "0003612F62" + "0102" + "3231",
            Hex(new PublishPacket { Topic = Utf8("a/b"), Payload = Utf8("21"), Quality = MqttQualityOfService.AtLeastOnce, PacketId = 0x102, Duplicate = true }, V311));
        Assert.Equal("340D" + "0003612F62" + "FFFF" + "03230007" + "3231",
            Hex(
                new PublishPacket
                {
                    Topic = Utf8("a/b"),
                    Payload = Utf8("21"),
                    Quality = MqttQualityOfService.ExactlyOnce,
                    PacketId = 0xFFFF,
                    Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.TopicAlias, 7).Build(),
                },
                V500));
    }

    [Theory]
    [InlineData(MqttPacketType.PubAck, MqttReasonCode.Success, "40021234", "40021234")]
    [InlineData(MqttPacketType.PubAck, MqttReasonCode.QuotaExceeded, "40021234", "4003123497")]
    [InlineData(MqttPacketType.PubRec, MqttReasonCode.NotAuthorized, "50021234", "5003123487")]
    [InlineData(MqttPacketType.PubRel, MqttReasonCode.Success, "62021234", "62021234")]
    [InlineData(MqttPacketType.PubComp, MqttReasonCode.PacketIdentifierNotFound, "70021234", "7003123492")]
    public void Acknowledgements(MqttPacketType type, MqttReasonCode reason, string hex311, string hex500)
    {
        var packet = new AcknowledgePacket { Type = type, PacketId = 0x1234, Reason = reason };
        Assert.Equal(hex311, Hex(packet, V311));
        Assert.Equal(hex500, Hex(packet, V500));
    }

    [Fact]
    public void Subscribe_and_SubAck()
    {
        var subscribe = new SubscribePacket
        {
            PacketId = 10,
            Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.SubscriptionIdentifier, 300).Build(),
            Subscriptions = new[]
            {
                new TopicSubscription { Filter = Utf8("a/#"), MaximumQuality = MqttQualityOfService.ExactlyOnce, NoLocal = true, RetainAsPublished = true, RetainHandling = 2 },
                new TopicSubscription { Filter = Utf8("+"), MaximumQuality = MqttQualityOfService.AtLeastOnce },
            },
        };
        Assert.Equal("820C" + "000A" + "0003612F23" + "02" + "00012B" + "01", Hex(subscribe, V311));
        Assert.Equal("8210" + "000A" + "030BAC02" + "0003612F23" + "2E" + "00012B" + "01", Hex(subscribe, V500));
        var reply = new SubscriptionReplyPacket { Type = MqttPacketType.SubAck, PacketId = 10, Codes = new byte[] { 2, 0x87 } };
        Assert.Equal("9004" + "000A" + "0280", Hex(reply, V311));
        Assert.Equal("9005" + "000A" + "00" + "0287", Hex(reply, V500));
    }

    [Fact]
    public void Unsubscribe_and_UnsubAck()
    {
        var unsubscribe = new UnsubscribePacket { PacketId = 11, Filters = new[] { Utf8("a"), Utf8("b/c") } };
        Assert.Equal("A20A" + "000B" + "000161" + "0003622F63", Hex(unsubscribe, V311));
        Assert.Equal("A20B" + "000B" + "00" + "000161" + "0003622F63", Hex(unsubscribe, V500));
        var reply = new SubscriptionReplyPacket { Type = MqttPacketType.UnsubAck, PacketId = 11, Codes = new byte[] { 0, 0x11 } };
        Assert.Equal("B002" + "000B", Hex(reply, V311));
        Assert.Equal("B005" + "000B" + "00" + "0011", Hex(reply, V500));
    }

    [Fact]
    public void Ping_Disconnect_and_Auth()
    {
        Assert.Equal("C000", Hex(new PingPacket { Type = MqttPacketType.PingReq }, V311));
        Assert.Equal("D000", Hex(new PingPacket { Type = MqttPacketType.PingResp }, V500));
        var goodbye = new DisconnectPacket { Type = MqttPacketType.Disconnect };
        Assert.Equal("E000", Hex(goodbye, V311));
        Assert.Equal("E000", Hex(goodbye, V500));
        Assert.Equal("E0018B", Hex(new DisconnectPacket { Type = MqttPacketType.Disconnect, Reason = MqttReasonCode.ServerShuttingDown }, V500));
        MqttProperties properties = new MqttPropertiesBuilder()
            .Add(MqttPropertyId.AuthenticationMethod, "M").Add(MqttPropertyId.AuthenticationData, new byte[] { 0, 255 }).Build();
        Assert.Equal(
            "F00B" + "18" + "09" + "1500014D" + "16000200FF",
            Hex(new DisconnectPacket { Type = MqttPacketType.Auth, Reason = MqttReasonCode.ContinueAuthentication, Properties = properties }, V500));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(16_383, 2)]
    [InlineData(16_384, 3)]
    [InlineData(2_097_151, 3)]
    [InlineData(2_097_152, 4)]
    [InlineData(268_435_455, 4)]
    public void A_variable_integer_has_the_lengths_of_table_1_1(uint value, int length)
    {
        byte[] bytes = new byte[4];
        Assert.Equal(length, VariableInteger.Write(bytes, value));
        Assert.Equal(length, VariableInteger.LengthOf(value));
        Assert.Equal(VariableIntegerResult.Complete, VariableInteger.Read(bytes, out uint read, out int readLength));
        Assert.Equal((value, length), (read, readLength));
        Assert.Equal(VariableIntegerResult.Incomplete, VariableInteger.Read(bytes.AsSpan(0, length - 1), out _, out _));
    }
}
