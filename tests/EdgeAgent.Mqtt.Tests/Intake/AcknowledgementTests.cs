using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Mqtt.Receiving;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

public sealed class AcknowledgementTests
{
    [Theory]
    [InlineData(V311)]
    [InlineData(V500)]
    public async Task A_publish_is_acknowledged_when_it_is_accepted_and_not_before(MqttProtocolVersion version)
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(version);
        device.Publish(7, "21.5", topic: "plant/t");
        Owner.Message message = await intake.Owner.NextAsync();
        Assert.Equal(("plant/t", "21.5", "device", MqttQualityOfService.AtLeastOnce),
            (message.Topic, message.Payload, message.Publish.ClientId, message.Publish.Quality));
        await device.PingAsync();
        message.Ticket.Accept();
        Assert.Equal(7, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubAck)).PacketId);
        Assert.Equal((1, 1), (intake.Counters.Publishes, intake.Counters.Accepted));
    }

    [Fact]
    public async Task Acknowledgements_leave_in_the_order_of_arrival_whatever_the_order_of_acceptance()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V311);
        const int Count = 300;
        var messages = new List<Owner.Message>();
        for (ushort id = 1; id <= Count; id++)
        {
            device.Publish(id, "x", id % 3 == 0 ? MqttQualityOfService.ExactlyOnce : MqttQualityOfService.AtLeastOnce);
            messages.Add(await intake.Owner.NextAsync());
        }
        Random.Shared.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(messages)[1..]);
        // The first one holds back all that came after it.
        foreach (Owner.Message message in messages.Skip(1))
        {
            message.Ticket.Accept();
        }
        await device.PingAsync();
        messages[0].Ticket.Accept();
        for (ushort id = 1; id <= Count; id++)
        {
            MqttPacketType type = id % 3 == 0 ? MqttPacketType.PubRec : MqttPacketType.PubAck;
            Assert.Equal(id, (await device.ReceiveAcknowledgeAsync(type)).PacketId);
        }
    }

    [Fact]
    public async Task Tickets_may_be_settled_from_many_threads_at_once()
    {
        await using var intake = new TestIntake(new IntakeOptions { EndPoint = TestIntake.AnyPort, ReceiveMaximum = 64 });
        using Device device = await intake.ConnectAsync(V311);
        const int Count = 20_000;
        Task settling = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < Count / 4; i++)
            {
                Owner.Message message = await intake.Owner.NextAsync();
                message.Ticket.Accept();
                message.Ticket.Refuse(IntakeRefusal.TemporaryFault); // The first word counts.
            }
        })));
        Task sending = Task.Run(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                device.Publish((ushort)((i % 60_000) + 1), "x");
            }
        });
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal((i % 60_000) + 1, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubAck)).PacketId);
        }
        await Task.WhenAll(settling, sending);
        Assert.Equal(Count, intake.Counters.Accepted);
    }

    [Theory]
    [InlineData(IntakeRefusal.NotAuthorized, MqttReasonCode.NotAuthorized)]
    [InlineData(IntakeRefusal.TopicNotWanted, MqttReasonCode.TopicNameInvalid)]
    [InlineData(IntakeRefusal.PayloadNotValid, MqttReasonCode.PayloadFormatInvalid)]
    [InlineData(IntakeRefusal.QuotaExceeded, MqttReasonCode.QuotaExceeded)]
    [InlineData(IntakeRefusal.TemporaryFault, MqttReasonCode.ImplementationSpecificError)]
    public async Task A_refusal_is_told_in_5_0(IntakeRefusal refusal, MqttReasonCode reason)
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V500);
        device.Publish(1, "x");
        (await intake.Owner.NextAsync()).Ticket.Refuse(refusal);
        Assert.Equal(reason, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubAck)).Reason);
        device.Publish(1, "x", MqttQualityOfService.ExactlyOnce);
        (await intake.Owner.NextAsync()).Ticket.Refuse(refusal);
        Assert.Equal(reason, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubRec)).Reason);
        // A refused hand-over is over: the id is free for the next message.
        device.Publish(1, "y", MqttQualityOfService.ExactlyOnce);
        Assert.Equal("y", (await intake.Owner.NextAsync()).Payload);
        Assert.Equal(2, intake.Counters.Refused(refusal));
    }

    [Fact]
    public async Task A_refusal_for_good_is_acknowledged_in_3_1_1_and_one_for_now_closes_the_connection_after_what_came_before_it()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V311);
        device.Publish(1, "x");
        (await intake.Owner.NextAsync()).Ticket.Refuse(IntakeRefusal.PayloadNotValid);
        Assert.Equal(1, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubAck)).PacketId);
        device.Publish(2, "x");
        device.Publish(3, "x");
        device.Publish(4, "x");
        Owner.Message second = await intake.Owner.NextAsync();
        (await intake.Owner.NextAsync()).Ticket.Refuse(IntakeRefusal.QuotaExceeded);
        (await intake.Owner.NextAsync()).Ticket.Accept();
        second.Ticket.Accept();
        Assert.Equal(2, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubAck)).PacketId);
        await device.AssertClosedAsync();
        Assert.Equal(IntakeCloseCause.PublishRefused, (await intake.Owner.NextClosedAsync()).Cause);
    }

    [Fact]
    public async Task An_owner_that_holds_a_publish_stops_the_reading_of_that_connection_only()
    {
        await using var intake = new TestIntake();
        var release = new TaskCompletionSource();
        intake.Owner.Hold = (message, _) => message.Payload == "held" ? release.Task : Task.CompletedTask;
        using Device slow = await intake.ConnectAsync(V311, "slow");
        using Device other = await intake.ConnectAsync(V311, "other");
        slow.Publish(1, "held");
        slow.Publish(2, "behind");
        Assert.Equal("held", (await intake.Owner.NextAsync()).Payload);
        for (ushort id = 1; id <= 50; id++)
        {
            other.Publish(id, "free");
            (await intake.Owner.NextAsync()).Ticket.Accept();
            await other.ReceiveAcknowledgeAsync(MqttPacketType.PubAck);
        }
        Assert.Equal(0, intake.Owner.Waiting);
        release.SetResult();
        Assert.Equal("behind", (await intake.Owner.NextAsync()).Payload);
    }

    [Theory]
    [InlineData(V311)]
    [InlineData(V500)]
    public async Task Reading_stops_when_as_many_publishes_are_in_flight_as_allowed(MqttProtocolVersion version)
    {
        await using var intake = new TestIntake(new IntakeOptions { EndPoint = TestIntake.AnyPort, ReceiveMaximum = 3 });
        using Device device = await intake.ConnectAsync(version);
        for (ushort id = 1; id <= 4; id++)
        {
            device.Publish(id, "x");
        }
        Owner.Message first = await intake.Owner.NextAsync();
        await intake.Owner.NextAsync();
        await intake.Owner.NextAsync();
        Assert.Equal(3, intake.Counters.Publishes);
        first.Ticket.Accept();
        Assert.Equal(1, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubAck)).PacketId);
        await intake.Owner.NextAsync();
        Assert.Equal(4, intake.Counters.Publishes);
    }

    [Fact]
    public async Task In_5_0_a_device_with_more_unfinished_QoS_2_messages_than_the_receive_maximum_is_disconnected()
    {
        await using var intake = new TestIntake(new IntakeOptions { EndPoint = TestIntake.AnyPort, ReceiveMaximum = 3 });
        using Device device = intake.Open(V500);
        ConnAckPacket connack = await device.ConnectAsync("d");
        Assert.Equal(3u, connack.Properties.GetOrDefault(MqttPropertyId.ReceiveMaximum, 0));
        for (ushort id = 1; id <= 3; id++)
        {
            device.Publish(id, "x", MqttQualityOfService.ExactlyOnce);
            Owner.Message message = await intake.Owner.NextAsync();
            if (id > 1)
            {
                // Settled behind one that is not: the acknowledgement cannot leave yet, so it counts, and counts once.
                message.Ticket.Accept();
            }
        }
        await device.PingAsync();
        device.Publish(4, "x", MqttQualityOfService.ExactlyOnce);
        Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, await device.ReceiveDisconnectAsync());
        await device.AssertClosedAsync();
    }

    [Fact]
    public void A_packet_id_set_holds_every_id_on_its_own()
    {
        var set = new PacketIdSet();
        for (int id = 1; id <= ushort.MaxValue; id += 7)
        {
            set.Add((ushort)id);
            set.Add((ushort)id);
        }
        int count = set.Count;
        for (int id = 1; id <= ushort.MaxValue; id++)
        {
            bool isIn = (id - 1) % 7 == 0;
            Assert.Equal(isIn, set.Contains((ushort)id));
            Assert.Equal(isIn, set.Remove((ushort)id));
        }
        Assert.Equal((9363, 0), (count, set.Count));
    }

    [Fact]
    public async Task Quality_0_is_delivered_and_not_answered()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V311);
        device.Publish(0, "x", MqttQualityOfService.AtMostOnce);
        Owner.Message message = await intake.Owner.NextAsync();
        message.Ticket.Accept();
        message.Ticket.Refuse(IntakeRefusal.TemporaryFault);
        await device.PingAsync();
    }
}
