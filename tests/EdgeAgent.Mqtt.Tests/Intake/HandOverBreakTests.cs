using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>A QoS 2 hand-over that is broken off at each of its points, by a lost connection, by a takeover and by a restart.</summary>
public sealed class HandOverBreakTests
{
    private const MqttQualityOfService Exactly = MqttQualityOfService.ExactlyOnce;

    /// <summary>How far a device comes before it is cut off.</summary>
    public enum Break
    {
        AfterPublish,
        AfterAcceptance,
        AfterPubRec,
        AfterPubRel,
        AfterPubComp,
    }

    public static TheoryData<MqttProtocolVersion, Break, bool> Breaks()
    {
        var data = new TheoryData<MqttProtocolVersion, Break, bool>();
        foreach (MqttProtocolVersion version in new[] { V311, V500 })
        {
            foreach (Break point in Enum.GetValues<Break>())
            {
                data.Add(version, point, false);
                data.Add(version, point, true);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_hand_over_that_is_broken_off_goes_on_with_the_next_connection_and_delivers_once(
        MqttProtocolVersion version, Break point, bool isOldConnectionHanging)
    {
        await using var intake = new TestIntake();
        Device first = await ConnectAsync(intake, version);
        Owner.Message message = await BeginAsync(intake, first, point);
        if (!isOldConnectionHanging)
        {
            first.Dispose();
            await intake.Owner.NextClosedAsync();
        }
        using Device second = await ConnectAsync(intake, version, isPresent: true);
        if (point is Break.AfterPublish or Break.AfterAcceptance)
        {
            // All it knows is that no PUBREC came.
            second.Publish(5, "once", Exactly, duplicate: true);
            if (point == Break.AfterPublish)
            {
                await second.PingAsync();
                message.Ticket.Accept();
            }
            Assert.Equal(5, (await second.ReceiveAcknowledgeAsync(MqttPacketType.PubRec)).PacketId);
        }
        // It knows of the PUBREC and of no PUBCOMP.
        second.Send(Release(5));
        AcknowledgePacket completed = await second.ReceiveAcknowledgeAsync(MqttPacketType.PubComp);
        Assert.Equal(5, completed.PacketId);
        // Nobody knows whether a hanging connection's PUBREL was still read.
        if (version == V500 && !(point == Break.AfterPubRel && isOldConnectionHanging))
        {
            Assert.Equal(point >= Break.AfterPubRel ? MqttReasonCode.PacketIdentifierNotFound : MqttReasonCode.Success, completed.Reason);
        }
        // The id is free, for a message of its own.
        second.Publish(5, "next", Exactly);
        Owner.Message next = await intake.Owner.NextAsync();
        Assert.Equal("next", next.Payload);
        next.Ticket.Accept();
        Assert.Equal(5, (await second.ReceiveAcknowledgeAsync(MqttPacketType.PubRec)).PacketId);
        Assert.Equal(2, intake.Counters.Publishes);
        first.Dispose();
    }

    /// <summary>What docs/intake.md promises: the state is in memory, so exactly this point of the five can deliver twice.</summary>
    [Theory]
    [InlineData(Break.AfterPublish, 2)] // the owner had it and had not said so: for it, the first one may be lost with the restart
    [InlineData(Break.AfterAcceptance, 2)] // committed, and the device does not know: the one duplicate that can be
    [InlineData(Break.AfterPubRec, 1)]
    [InlineData(Break.AfterPubRel, 1)]
    [InlineData(Break.AfterPubComp, 1)]
    public async Task After_a_restart_a_hand_over_is_repeated_only_where_the_device_had_no_PUBREC_and_nothing_acknowledged_is_lost(Break point, int deliveries)
    {
        int delivered;
        await using (var intake = new TestIntake())
        {
            using Device first = await ConnectAsync(intake, V500);
            await BeginAsync(intake, first, point);
            delivered = (int)intake.Counters.Publishes;
        }
        await using var restarted = new TestIntake();
        // The session is gone and the device is told so. One that repeats all the same:
        using Device second = await ConnectAsync(restarted, V500, isPresent: false);
        if (point is Break.AfterPublish or Break.AfterAcceptance)
        {
            second.Publish(5, "once", Exactly, duplicate: true);
            (await restarted.Owner.NextAsync()).Ticket.Accept();
            await second.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
        }
        second.Send(Release(5));
        // It must be able to forget the message, whatever we know of it.
        Assert.Equal(5, (await second.ReceiveAcknowledgeAsync(MqttPacketType.PubComp)).PacketId);
        Assert.Equal(deliveries, delivered + restarted.Counters.Publishes);
    }

    [Fact]
    public async Task A_takeover_while_the_owner_holds_back_gives_the_message_back_and_the_repetition_is_delivered()
    {
        await using var intake = new TestIntake();
        intake.Owner.Hold = (message, cancelled) => message.Publish.Duplicate ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancelled);
        using Device first = await ConnectAsync(intake, V311);
        first.Publish(5, "held", Exactly);
        await intake.Owner.NextAsync();
        using Device second = await ConnectAsync(intake, V311, isPresent: true);
        await intake.Owner.NextClosedAsync();
        second.Publish(5, "held", Exactly, duplicate: true);
        (await intake.Owner.NextAsync()).Ticket.Accept();
        Assert.Equal(5, (await second.ReceiveAcknowledgeAsync(MqttPacketType.PubRec)).PacketId);
        Assert.Equal((2, 1, 0), (intake.Counters.Publishes, intake.Counters.Returned, intake.Counters.DuplicatesSuppressed));
    }

    [Theory]
    [InlineData(V311, MqttQualityOfService.AtLeastOnce)]
    [InlineData(V311, Exactly)]
    [InlineData(V500, MqttQualityOfService.AtLeastOnce)]
    [InlineData(V500, Exactly)]
    public async Task What_the_owner_gives_back_closes_the_connection_and_is_delivered_again(MqttProtocolVersion version, MqttQualityOfService quality)
    {
        await using var intake = new TestIntake();
        using (Device device = await ConnectAsync(intake, version))
        {
            device.Publish(5, "x", quality);
            (await intake.Owner.NextAsync()).Ticket.Return();
            if (version == V500)
            {
                Assert.Equal(MqttReasonCode.ImplementationSpecificError, await device.ReceiveDisconnectAsync());
            }
            await device.AssertClosedAsync();
        }
        Assert.Equal(IntakeCloseCause.PublishRefused, (await intake.Owner.NextClosedAsync()).Cause);
        using Device again = await ConnectAsync(intake, version, isPresent: true);
        again.Publish(5, "x", quality, duplicate: true);
        (await intake.Owner.NextAsync()).Ticket.Accept();
        await again.ReceiveAcknowledgeAsync(quality == Exactly ? MqttPacketType.PubRec : MqttPacketType.PubAck);
        Assert.Equal((1, 1), (intake.Counters.Returned, intake.Counters.Accepted));
    }

    [Fact]
    public async Task A_quota_begins_anew_with_each_connection_whatever_an_earlier_one_has_left_unfinished()
    {
        await using var intake = new TestIntake(new IntakeOptions { EndPoint = TestIntake.AnyPort, ReceiveMaximum = 2 });
        using (Device first = await ConnectAsync(intake, V500))
        {
            first.Publish(1, "received", Exactly);
            (await intake.Owner.NextAsync()).Ticket.Accept();
            await first.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
            first.Publish(2, "pending", Exactly);
            await intake.Owner.NextAsync();
        }
        await intake.Owner.NextClosedAsync();
        using Device second = await ConnectAsync(intake, V500, isPresent: true);
        second.Publish(3, "x", Exactly);
        second.Publish(4, "x", Exactly);
        await intake.Owner.NextAsync();
        await intake.Owner.NextAsync();
        await second.PingAsync();
        second.Publish(5, "one too many", Exactly);
        Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, await second.ReceiveDisconnectAsync());
    }

    [Fact]
    public async Task A_repetition_is_suppressed_with_and_without_its_flag_also_on_the_next_connection()
    {
        await using var intake = new TestIntake();
        using Device first = await ConnectAsync(intake, V311);
        first.Publish(5, "once", Exactly);
        (await intake.Owner.NextAsync()).Ticket.Accept();
        await first.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
        await RepeatAsync(first);
        using Device second = await ConnectAsync(intake, V311, isPresent: true);
        await RepeatAsync(second);
        Assert.Equal((1, 4), (intake.Counters.Publishes, intake.Counters.DuplicatesSuppressed));
    }

    private static async Task RepeatAsync(Device device)
    {
        // Without the flag first: MQTT.js, for one, never sets it.
        foreach (bool isDuplicate in new[] { false, true })
        {
            device.Publish(5, "once", Exactly, isDuplicate);
            Assert.Equal(5, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubRec)).PacketId);
        }
    }

    private static AcknowledgePacket Release(ushort id) => new() { Type = MqttPacketType.PubRel, PacketId = id };

    private static async Task<Device> ConnectAsync(TestIntake intake, MqttProtocolVersion version, bool isPresent = false)
    {
        Device device = intake.Open(version);
        MqttProperties properties = version == V500 ? new MqttPropertiesBuilder().Add(MqttPropertyId.SessionExpiryInterval, 60).Build() : default;
        Assert.Equal(isPresent, (await device.ConnectAsync("device", cleanStart: false, properties: properties)).SessionPresent);
        return device;
    }

    private static async Task<Owner.Message> BeginAsync(TestIntake intake, Device device, Break point)
    {
        device.Publish(5, "once", Exactly);
        Owner.Message message = await intake.Owner.NextAsync();
        if (point >= Break.AfterAcceptance)
        {
            message.Ticket.Accept();
        }
        if (point >= Break.AfterPubRec)
        {
            await device.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
        }
        if (point >= Break.AfterPubRel)
        {
            device.Send(Release(5));
        }
        if (point >= Break.AfterPubComp)
        {
            await device.ReceiveAcknowledgeAsync(MqttPacketType.PubComp);
        }
        return message;
    }
}
