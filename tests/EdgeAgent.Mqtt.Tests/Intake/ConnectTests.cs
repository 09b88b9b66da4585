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
        // Absent means yes: who sets the retain flag may publish here, and every quality is taken.
        Assert.False(offered.TryGet(MqttPropertyId.RetainAvailable, out uint _) || offered.TryGet(MqttPropertyId.MaximumQoS, out uint _));
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
