using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

public sealed class ConnectTests
{
    [Theory]
    [InlineData(V311, IntakeVerdict.BadUserNameOrPassword, MqttReasonCode.BadUserNameOrPassword)]
    [InlineData(V500, IntakeVerdict.BadUserNameOrPassword, MqttReasonCode.BadUserNameOrPassword)]
    [InlineData(V311, IntakeVerdict.NotAuthorized, MqttReasonCode.NotAuthorized)]
    [InlineData(V500, IntakeVerdict.ServerUnavailable, MqttReasonCode.ServerUnavailable)]
    public async Task A_device_that_is_refused_is_told_why_and_disconnected(MqttProtocolVersion version, IntakeVerdict verdict, MqttReasonCode reason)
    {
        await using var intake = new TestIntake();
        intake.Owner.Verdict = connect => connect.UserName == "u" && Text(connect.Password) == "right" ? IntakeVerdict.Admit : verdict;
        using Device device = intake.Open(version);
        Assert.Equal(reason, (await device.ConnectAsync("d", user: "u", password: "wrong")).Reason);
        await device.AssertClosedAsync();
        Assert.Equal(IntakeCloseCause.Refused, (await intake.Owner.NextClosedAsync()).Cause);
        using Device better = intake.Open(version);
        Assert.Equal(MqttReasonCode.Success, (await better.ConnectAsync("d", user: "u", password: "right")).Reason);
    }

    [Fact]
    public async Task An_empty_client_id_is_replaced_where_the_device_can_be_told_or_need_not_know()
    {
        await using var intake = new TestIntake();
        using Device modern = intake.Open(V500);
        ConnAckPacket connack = await modern.ConnectAsync("", cleanStart: false);
        Assert.True(connack.Properties.TryGet(MqttPropertyId.AssignedClientIdentifier, out ReadOnlyMemory<byte> assigned));
        Assert.Equal(intake.Owner.Connects.Last().ClientId, Text(assigned));
        using Device old = intake.Open(V311);
        Assert.Equal(MqttReasonCode.Success, (await old.ConnectAsync("", cleanStart: true)).Reason);
        using Device impossible = intake.Open(V311);
        Assert.Equal(MqttReasonCode.ClientIdentifierNotValid, (await impossible.ConnectAsync("", cleanStart: false)).Reason);
    }

    [Fact]
    public async Task A_second_connection_with_the_same_client_id_takes_over()
    {
        await using var intake = new TestIntake();
        using Device first = intake.Open(V500);
        await first.ConnectAsync("same", cleanStart: false, properties: new MqttPropertiesBuilder().Add(MqttPropertyId.SessionExpiryInterval, 60).Build());
        using Device second = intake.Open(V500);
        Assert.True((await second.ConnectAsync("same", cleanStart: false)).SessionPresent);
        Assert.Equal(MqttReasonCode.SessionTakenOver, await first.ReceiveDisconnectAsync());
        await first.AssertClosedAsync();
        second.Publish(1, "x");
        (await intake.Owner.NextAsync()).Ticket.Accept();
        await second.ReceiveAcknowledgeAsync(MqttPacketType.PubAck);
        Assert.Equal(IntakeCloseCause.TakenOver, (await intake.Owner.NextClosedAsync()).Cause);
    }

    [Fact]
    public async Task What_is_offered_stands_in_the_answer_of_5_0()
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V500);
        MqttProperties asked = new MqttPropertiesBuilder().Add(MqttPropertyId.SessionExpiryInterval, uint.MaxValue).Build();
        MqttProperties offered = (await device.ConnectAsync("d", keepAlive: 0, properties: asked)).Properties;
        Assert.Equal(1024u, offered.GetOrDefault(MqttPropertyId.ReceiveMaximum, 0));
        Assert.Equal(256u * 1024, offered.GetOrDefault(MqttPropertyId.MaximumPacketSize, 0));
        Assert.Equal(16u, offered.GetOrDefault(MqttPropertyId.TopicAliasMaximum, 0));
        Assert.Equal(3600u, offered.GetOrDefault(MqttPropertyId.SessionExpiryInterval, 0));
        Assert.Equal(600u, offered.GetOrDefault(MqttPropertyId.ServerKeepAlive, 0));
        Assert.Equal(0u, offered.GetOrDefault(MqttPropertyId.WildcardSubscriptionAvailable, 1));
    }

    [Fact]
    public async Task Nobody_can_subscribe()
    {
        await using var intake = new TestIntake();
        var subscribe = new SubscribePacket { PacketId = 1, Subscriptions = new[] { new TopicSubscription { Filter = Utf8("a") }, new TopicSubscription { Filter = Utf8("b") } } };
        foreach ((MqttProtocolVersion version, byte code) in new[] { (V311, (byte)0x80), (V500, (byte)0x87) })
        {
            using Device device = await intake.ConnectAsync(version, $"d{version}");
            device.Send(subscribe);
            Assert.True(SubscriptionReplyPacket.TryRead(await device.ReceiveAsync(), version, out SubscriptionReplyPacket reply, out _));
            Assert.Equal(new[] { code, code }, reply.Codes.ToArray());
            device.Send(new UnsubscribePacket { PacketId = 2, Filters = new[] { Utf8("a") } });
            Assert.Equal(MqttPacketType.UnsubAck, (await device.ReceiveAsync()).Type);
        }
    }

    [Fact]
    public async Task A_will_is_published_when_the_device_is_lost_and_not_when_it_says_goodbye()
    {
        await using var intake = new TestIntake();
        var will = new MqttWill { Topic = Utf8("state"), Payload = Utf8("gone"), Quality = MqttQualityOfService.AtLeastOnce };
        using (Device polite = intake.Open(V311))
        {
            await polite.ConnectAsync("polite", will: will);
            polite.Send(new DisconnectPacket { Type = MqttPacketType.Disconnect });
            await polite.AssertClosedAsync();
        }
        Assert.Equal(IntakeCloseCause.DisconnectedByClient, (await intake.Owner.NextClosedAsync()).Cause);
        using (Device lost = intake.Open(V311))
        {
            await lost.ConnectAsync("lost", will: will);
        }
        Owner.Message message = await intake.Owner.NextAsync();
        Assert.Equal(("state", "gone", true, "lost"), (message.Topic, message.Payload, message.Publish.IsWill, message.Publish.ClientId));
        using (Device deliberate = intake.Open(V500))
        {
            await deliberate.ConnectAsync("deliberate", will: will);
            deliberate.Send(new DisconnectPacket { Type = MqttPacketType.Disconnect, Reason = MqttReasonCode.DisconnectWithWillMessage });
            Assert.Equal("deliberate", (await intake.Owner.NextAsync()).Publish.ClientId);
        }
        Assert.Equal(2, intake.Counters.Publishes);
    }

    [Fact]
    public async Task A_topic_alias_stands_for_the_topic_that_set_it()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V500);
        MqttProperties alias = new MqttPropertiesBuilder().Add(MqttPropertyId.TopicAlias, 16).Build();
        device.Send(new PublishPacket { Topic = Utf8("first"), Properties = alias });
        device.Send(new PublishPacket { Properties = alias });
        device.Send(new PublishPacket { Topic = Utf8("second"), Properties = alias });
        device.Send(new PublishPacket { Properties = alias });
        foreach (string topic in new[] { "first", "first", "second", "second" })
        {
            Assert.Equal(topic, (await intake.Owner.NextAsync()).Topic);
        }
        device.Send(new PublishPacket { Topic = Utf8("x"), Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.TopicAlias, 17).Build() });
        Assert.Equal(MqttReasonCode.TopicAliasInvalid, await device.ReceiveDisconnectAsync());
    }
}
