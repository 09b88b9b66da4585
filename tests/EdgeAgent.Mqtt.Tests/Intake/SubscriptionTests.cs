using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>Nobody can subscribe to an intake, and nobody who tries is sent away.</summary>
public sealed class SubscriptionTests
{
    private static readonly SubscribePacket s_each = new()
    {
        PacketId = 1,
        Subscriptions = new[]
        {
            new TopicSubscription { Filter = Utf8("a") },
            new TopicSubscription { Filter = Utf8("a/+") },
            new TopicSubscription { Filter = Utf8("$share/g/a") },
        },
    };

    [Theory]
    [InlineData(V311, new byte[] { 0x80, 0x80, 0x80 })]
    [InlineData(V500, new byte[] { 0x87, 0xA2, 0x9E })]
    public async Task Each_filter_is_refused_by_its_own_code_and_publishing_goes_on(MqttProtocolVersion version, byte[] codes)
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(version);
        device.Send(s_each);
        Assert.Equal(codes, (await ReceiveAsync(device)).Codes.ToArray());
        device.Send(new UnsubscribePacket { PacketId = 2, Filters = new[] { Utf8("a"), Utf8("b") } });
        SubscriptionReplyPacket reply = await ReceiveAsync(device);
        Assert.Equal((MqttPacketType.UnsubAck, 2), (reply.Type, reply.PacketId));
        Assert.Equal(version == V500 ? [0x11, 0x11] : Array.Empty<byte>(), reply.Codes.ToArray());
        device.Publish(3, "x");
        (await intake.Owner.NextAsync()).Ticket.Accept();
        await device.ReceiveAcknowledgeAsync(MqttPacketType.PubAck);
    }

    [Fact]
    public async Task A_subscription_identifier_is_refused_as_such()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V500);
        device.Send(s_each with { Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.SubscriptionIdentifier, 1).Build() });
        Assert.Equal(new byte[] { 0xA1, 0xA1, 0xA1 }, (await ReceiveAsync(device)).Codes.ToArray());
    }

    [Theory]
    [InlineData(1u, true)]
    [InlineData(null, true)]
    [InlineData(0u, false)]
    public async Task The_refusal_comes_with_words_for_who_wants_them(uint? requestProblemInformation, bool hasWords)
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V500);
        var asked = new MqttPropertiesBuilder();
        if (requestProblemInformation is { } flag)
        {
            asked.Add(MqttPropertyId.RequestProblemInformation, flag);
        }
        await device.ConnectAsync("device", properties: asked.Build());
        device.Send(s_each);
        bool isTold = (await ReceiveAsync(device)).Properties.TryGet(MqttPropertyId.ReasonString, out ReadOnlyMemory<byte> words);
        Assert.Equal((hasWords, hasWords), (isTold, Text(words).Contains("intake", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(40u, 3)] // the codes without the words
    [InlineData(35u, 31)] // not even the codes: silence
    public async Task No_answer_is_longer_than_the_device_takes(uint maximum, int filters)
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V500);
        MqttProperties asked = new MqttPropertiesBuilder().Add(MqttPropertyId.MaximumPacketSize, maximum).Build();
        Assert.Equal(MqttReasonCode.Success, (await device.ConnectAsync("device", keepAlive: 10, properties: asked)).Reason);
        device.Send(new SubscribePacket { PacketId = 1, Subscriptions = Enumerable.Repeat(new TopicSubscription { Filter = Utf8("a") }, filters).ToArray() });
        if (filters == 3)
        {
            SubscriptionReplyPacket reply = await ReceiveAsync(device);
            Assert.Equal((3, true), (reply.Codes.Length, reply.Properties.IsEmpty));
        }
        await device.PingAsync();
        device.Publish(3, "x", MqttQualityOfService.ExactlyOnce);
        (await intake.Owner.NextAsync()).Ticket.Refuse(EdgeAgent.Mqtt.Intake.IntakeRefusal.QuotaExceeded);
        Assert.Equal(MqttReasonCode.QuotaExceeded, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubRec)).Reason);
    }

    [Fact]
    public async Task A_device_that_cannot_take_our_CONNACK_is_refused()
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V500);
        MqttProperties asked = new MqttPropertiesBuilder().Add(MqttPropertyId.MaximumPacketSize, 20).Build();
        Assert.Equal(MqttReasonCode.PacketTooLarge, (await device.ConnectAsync("device", properties: asked)).Reason);
        await device.AssertClosedAsync();
    }

    private static async Task<SubscriptionReplyPacket> ReceiveAsync(Device device)
    {
        Assert.True(SubscriptionReplyPacket.TryRead(await device.ReceiveAsync(), device.Version, out SubscriptionReplyPacket reply, out _));
        return reply;
    }
}
