using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

public sealed class FaultTests
{
    [Theory]
    [InlineData("30 05 0003 612F23", MqttReasonCode.MalformedPacket)]
    [InlineData("36 00", MqttReasonCode.MalformedPacket)]
    [InlineData("30 FFFFFF7F", MqttReasonCode.PacketTooLarge)]
    [InlineData("10 10 0004 4D515454 05 02 0000 00 0003 616263", MqttReasonCode.ProtocolError)] // a second CONNECT
    [InlineData("30 06 0003 612F23 00", MqttReasonCode.TopicNameInvalid)] // a wildcard
    [InlineData("30 05 0002 C328 00", MqttReasonCode.MalformedPacket)] // not UTF-8
    [InlineData("30 06 0003 EDA080 00", MqttReasonCode.MalformedPacket)] // a surrogate
    [InlineData("30 04 0001 00 00", MqttReasonCode.MalformedPacket)] // U+0000
    [InlineData("32 06 0001 61 0000 00", MqttReasonCode.ProtocolError)] // packet id zero
    [InlineData("38 04 0001 61 00", MqttReasonCode.MalformedPacket)] // a repetition at QoS 0
    [InlineData("30 03 0000 00", MqttReasonCode.ProtocolError)] // no topic
    [InlineData("30 06 0000 03 230001", MqttReasonCode.ProtocolError)] // an alias that was never set
    [InlineData("30 07 0001 61 03 230000", MqttReasonCode.TopicAliasInvalid)]
    [InlineData("30 06 0001 61 02 0B01", MqttReasonCode.ProtocolError)] // a subscription identifier from a device
    [InlineData("82 FF7F 0001", MqttReasonCode.PacketTooLarge)] // a SUBSCRIBE as long as a CONNECT may not be
    [InlineData("40 02 0001", MqttReasonCode.ProtocolError)] // a PUBACK for nothing
    [InlineData("F0 02 1900", MqttReasonCode.ProtocolError)] // an AUTH that nobody asked for
    [InlineData("D0 00", MqttReasonCode.ProtocolError)]
    public async Task A_device_that_breaks_the_protocol_is_told_so_and_nobody_else_notices(string hex, MqttReasonCode reason)
    {
        await using var intake = new TestIntake();
        using Device good = await intake.ConnectAsync(V500, "good");
        using Device bad = await intake.ConnectAsync(V500, "bad");
        bad.SendRaw(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(reason, await bad.ReceiveDisconnectAsync());
        await bad.AssertClosedAsync();
        await good.PingAsync();
        Assert.Equal("bad", (await intake.Owner.NextClosedAsync()).ClientId);
    }

    [Theory]
    [InlineData("30 05 0003 612F23")]
    [InlineData("36 00")]
    [InlineData("32 05 0001 61 0000")]
    [InlineData("30 FFFFFF7F")]
    [InlineData("10 0F 0004 4D515454 04 02 0000 0003 616263")]
    [InlineData("20 02 0000")]
    public async Task In_3_1_1_there_is_no_word_for_it_and_the_connection_is_closed(string hex)
    {
        await using var intake = new TestIntake();
        using Device bad = await intake.ConnectAsync(V311);
        bad.SendRaw(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        await bad.AssertClosedAsync();
        Assert.Contains((await intake.Owner.NextClosedAsync()).Cause, new[] { IntakeCloseCause.ProtocolBroken, IntakeCloseCause.PacketTooLarge });
    }

    [Theory]
    [InlineData("10 0E 0004 4D515454 05 03 0000 00 0001 61", MqttReasonCode.MalformedPacket)] // the reserved flag
    [InlineData("10 0E 0004 4D515454 05 02 0000 00 0001 00", MqttReasonCode.MalformedPacket)] // a client id of U+0000
    [InlineData("10 11 0004 4D515454 05 02 0000 03 210000 0001 61", MqttReasonCode.ProtocolError)] // a receive maximum of zero
    [InlineData("10 14 0004 4D515454 05 06 0000 00 0001 61 00 0001 2B 0000", MqttReasonCode.TopicNameInvalid)] // a will with a wildcard
    [InlineData("10 12 0004 4D515454 05 02 0000 04 15000178 0001 61", MqttReasonCode.BadAuthenticationMethod)] // enhanced authentication
    [InlineData("10 12 0004 4D515454 05 02 0000 04 16000178 0001 61", MqttReasonCode.ProtocolError)] // its data without its method
    public async Task A_CONNECT_of_5_0_that_cannot_be_taken_is_answered_with_the_reason(string hex, MqttReasonCode reason)
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V500);
        device.SendRaw(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.True(ConnAckPacket.TryRead(await device.ReceiveAsync(), V500, out ConnAckPacket answer, out _));
        Assert.Equal((reason, false), (answer.Reason, answer.SessionPresent));
        await device.AssertClosedAsync();
        Assert.Empty(intake.Owner.Connects);
    }

    [Fact]
    public async Task What_was_refused_as_a_whole_is_not_acknowledged_even_if_the_owner_accepts_it_later()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V311);
        device.Publish(1, "x");
        Owner.Message message = await intake.Owner.NextAsync();
        device.SendRaw(0x00, 0x00);
        await device.AssertClosedAsync();
        await intake.Owner.NextClosedAsync();
        message.Ticket.Accept();
        Assert.Equal(1, intake.Counters.Accepted);
    }

    [Theory]
    [InlineData("47 45 54 20 2F 20 48 54 54 50")] // GET / HTTP
    [InlineData("16 03 01 00 F8")] // a TLS hello
    [InlineData("30 05 0001 61 78 78")] // a PUBLISH before CONNECT
    [InlineData("10 FFFF7F")] // a CONNECT of two megabytes
    public async Task What_does_not_begin_with_CONNECT_is_closed_without_a_word(string hex)
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V311);
        device.SendRaw(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        await device.AssertClosedAsync();
        Assert.Contains((await intake.Owner.NextClosedAsync()).Cause, new[] { IntakeCloseCause.ProtocolBroken, IntakeCloseCause.PacketTooLarge });
    }

    [Fact]
    public async Task An_unknown_protocol_level_is_answered_in_the_words_of_3_1_1()
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V311);
        device.SendRaw(Convert.FromHexString("100F00064D514973647003000000000161"));
        Assert.True(ConnAckPacket.TryRead(await device.ReceiveAsync(), V311, out ConnAckPacket answer, out _));
        Assert.Equal(MqttReasonCode.UnsupportedProtocolVersion, answer.Reason);
        await device.AssertClosedAsync();
    }

    [Fact]
    public async Task A_handler_that_throws_costs_one_connection_and_the_exception_is_reported()
    {
        await using var intake = new TestIntake();
        intake.Owner.Hold = (message, _) => message.Payload == "bad" ? throw new InvalidOperationException("a bug") : Task.CompletedTask;
        using Device good = await intake.ConnectAsync(V500, "good");
        using Device bad = await intake.ConnectAsync(V500, "bad");
        bad.Publish(1, "bad");
        Assert.Equal(MqttReasonCode.ImplementationSpecificError, await bad.ReceiveDisconnectAsync());
        IntakeClosed closed = await intake.Owner.NextClosedAsync();
        Assert.Equal((IntakeCloseCause.Faulted, "a bug"), (closed.Cause, closed.Exception?.Message));
        await good.PingAsync();
    }

    [Fact]
    public async Task A_packet_that_arrives_byte_by_byte_is_read_as_one()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V311);
        string payload = new('x', 300);
        foreach (byte single in Of(new PublishPacket { Topic = Utf8("t"), PacketId = 1, Quality = MqttQualityOfService.AtLeastOnce, Payload = Utf8(payload) }, V311))
        {
            device.SendRaw(single);
        }
        Assert.Equal(payload, (await intake.Owner.NextAsync()).Payload);
    }

    [Fact]
    public async Task A_payload_of_the_largest_size_arrives_whole_and_a_larger_one_does_not()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V500);
        // Header of four bytes, topic of three, one for no properties.
        string largest = new('x', (256 * 1024) - 8);
        device.Publish(0, largest, MqttQualityOfService.AtMostOnce);
        Assert.Equal(largest, (await intake.Owner.NextAsync()).Payload);
        device.Publish(0, "small", MqttQualityOfService.AtMostOnce);
        Assert.Equal("small", (await intake.Owner.NextAsync()).Payload);
        device.Publish(0, largest + "x", MqttQualityOfService.AtMostOnce);
        Assert.Equal(MqttReasonCode.PacketTooLarge, await device.ReceiveDisconnectAsync());
    }

    [Fact]
    public async Task A_flood_of_connections_beyond_the_limit_is_closed_and_counted()
    {
        await using var intake = new TestIntake(new IntakeOptions { EndPoint = TestIntake.AnyPort, MaximumConnections = 2, MaximumSessions = 2 });
        using Device first = await intake.ConnectAsync(V311, "1");
        using Device second = await intake.ConnectAsync(V311, "2");
        using Device third = intake.Open(V311);
        await third.AssertClosedAsync();
        Assert.Equal((2, 1), (intake.Counters.ConnectionsOpen, intake.Counters.ConnectionsOverLimit));
        await first.PingAsync();
    }
}
