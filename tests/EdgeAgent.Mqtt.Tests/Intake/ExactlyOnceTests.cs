using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

public sealed class ExactlyOnceTests
{
    private const MqttQualityOfService Exactly = MqttQualityOfService.ExactlyOnce;

    private static AcknowledgePacket Release(ushort id) => new() { Type = MqttPacketType.PubRel, PacketId = id };

    [Theory]
    [InlineData(V311)]
    [InlineData(V500)]
    public async Task A_hand_over_goes_PUBREC_PUBREL_PUBCOMP_and_frees_its_id(MqttProtocolVersion version)
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(version);
        for (int round = 0; round < 2; round++)
        {
            device.Publish(5, $"round {round}", Exactly);
            Owner.Message message = await intake.Owner.NextAsync();
            Assert.Equal($"round {round}", message.Payload);
            await device.PingAsync();
            message.Ticket.Accept();
            await device.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
            device.Send(Release(5));
            Assert.Equal(MqttReasonCode.Success, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubComp)).Reason);
        }
    }

    [Fact]
    public async Task A_repetition_after_PUBREC_is_acknowledged_again_and_not_delivered_also_after_a_reconnect()
    {
        await using var intake = new TestIntake();
        using (Device device = await intake.ConnectAsync(V311, cleanStart: false))
        {
            device.Publish(5, "once", Exactly);
            (await intake.Owner.NextAsync()).Ticket.Accept();
            await device.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
            device.Publish(5, "once", Exactly, duplicate: true);
            await device.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
        }
        await intake.Owner.NextClosedAsync();
        using Device again = intake.Open(V311);
        Assert.True((await again.ConnectAsync("device", cleanStart: false)).SessionPresent);
        again.Publish(5, "once", Exactly, duplicate: true);
        await again.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
        again.Send(Release(5));
        await again.ReceiveAcknowledgeAsync(MqttPacketType.PubComp);
        Assert.Equal((1, 2), (intake.Counters.Publishes, intake.Counters.DuplicatesSuppressed));
    }

    [Fact]
    public async Task A_repetition_on_a_new_connection_waits_for_the_first_one_s_acceptance()
    {
        await using var intake = new TestIntake();
        Owner.Message message;
        using (Device device = await intake.ConnectAsync(V311, cleanStart: false))
        {
            device.Publish(5, "once", Exactly);
            message = await intake.Owner.NextAsync();
        }
        await intake.Owner.NextClosedAsync();
        using Device again = await intake.ConnectAsync(V311, cleanStart: false);
        again.Publish(5, "once", Exactly, duplicate: true);
        await again.PingAsync();
        message.Ticket.Accept();
        Assert.Equal(5, (await again.ReceiveAcknowledgeAsync(MqttPacketType.PubRec)).PacketId);
        Assert.Equal(1, intake.Counters.Publishes);
    }

    [Fact]
    public async Task What_is_accepted_after_the_connection_was_lost_is_not_delivered_again()
    {
        await using var intake = new TestIntake();
        Owner.Message message;
        using (Device device = await intake.ConnectAsync(V311, cleanStart: false))
        {
            device.Publish(5, "once", Exactly);
            message = await intake.Owner.NextAsync();
        }
        await intake.Owner.NextClosedAsync();
        message.Ticket.Accept();
        using Device again = await intake.ConnectAsync(V311, cleanStart: false);
        again.Publish(5, "once", Exactly, duplicate: true);
        await again.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
        Assert.Equal(1, intake.Counters.Publishes);
    }

    [Fact]
    public async Task A_clean_start_forgets_and_so_does_an_expired_session()
    {
        await using var intake = new TestIntake();
        foreach (bool cleanStart in new[] { true, false })
        {
            using (Device device = await intake.ConnectAsync(V311, cleanStart: false))
            {
                device.Publish(5, "x", Exactly);
                (await intake.Owner.NextAsync()).Ticket.Accept();
                await device.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
            }
            await intake.Owner.NextClosedAsync();
            if (!cleanStart)
            {
                await intake.AdvanceAsync(TimeSpan.FromHours(1));
            }
            using Device again = intake.Open(V311);
            Assert.False((await again.ConnectAsync("device", cleanStart)).SessionPresent);
            again.Publish(5, "x", Exactly);
            await intake.Owner.NextAsync();
            again.Send(new DisconnectPacket { Type = MqttPacketType.Disconnect });
            await intake.Owner.NextClosedAsync();
        }
    }

    [Fact]
    public async Task An_unknown_PUBREL_is_answered_so_that_the_device_can_forget()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V500);
        device.Send(Release(77));
        Assert.Equal(MqttReasonCode.PacketIdentifierNotFound, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubComp)).Reason);
    }

    [Fact]
    public async Task When_there_are_too_many_sessions_the_one_that_is_away_longest_is_forgotten()
    {
        await using var intake = new TestIntake(new IntakeOptions { EndPoint = TestIntake.AnyPort, MaximumConnections = 2, MaximumSessions = 2 });
        foreach (string clientId in new[] { "oldest", "older", "new" })
        {
            using (await intake.ConnectAsync(V311, clientId, cleanStart: false))
            {
            }
            await intake.Owner.NextClosedAsync();
            await intake.AdvanceAsync(TimeSpan.FromSeconds(5));
        }
        using Device older = intake.Open(V311);
        Assert.True((await older.ConnectAsync("older", cleanStart: false)).SessionPresent);
        using Device oldest = intake.Open(V311);
        Assert.False((await oldest.ConnectAsync("oldest", cleanStart: false)).SessionPresent);
    }
}
