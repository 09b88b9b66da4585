using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests;

public sealed class RoundTripTests
{
    [Theory]
    [InlineData(V311)]
    [InlineData(V500)]
    public void A_connect_comes_back_as_it_was(MqttProtocolVersion version)
    {
        var written = new ConnectPacket
        {
            Version = version,
            KeepAlive = 65535,
            ClientId = Utf8("Gerät-7"),
            Will = new MqttWill { Topic = Utf8("will"), Payload = new byte[] { 0, 1, 2 }, Quality = MqttQualityOfService.ExactlyOnce },
            UserName = Utf8("ü"),
            Password = new byte[] { 0xFF, 0 },
        };
        Assert.True(ConnectPacket.TryRead(Frame(Of(written)), out ConnectPacket read, out MqttReadError error));
        Assert.Equal(MqttReadError.None, error);
        Assert.Equal(version, read.Version);
        Assert.False(read.CleanStart);
        Assert.Equal(65535, read.KeepAlive);
        Assert.Equal("Gerät-7", Text(read.ClientId));
        Assert.Equal("will", Text(read.Will!.Value.Topic));
        Assert.Equal(new byte[] { 0, 1, 2 }, read.Will.Value.Payload.ToArray());
        Assert.Equal(MqttQualityOfService.ExactlyOnce, read.Will.Value.Quality);
        Assert.Equal("ü", Text(read.UserName!.Value));
        Assert.Equal(new byte[] { 0xFF, 0 }, read.Password!.Value.ToArray());
    }

    [Fact]
    public void A_publish_is_a_view_into_the_buffer_and_allocates_nothing()
    {
        byte[] bytes = Of(
            new PublishPacket
            {
                Topic = Utf8("plant/7/temperature"),
                Payload = Utf8("21.57"),
                Quality = MqttQualityOfService.AtLeastOnce,
                PacketId = 9,
                Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.MessageExpiryInterval, 60).AddUser("unit", "C").AddUser("unit", "K").Build(),
            },
            V500);
        PublishPacket read = default;
        long before = 0;
        // The first round compiles; the second is measured.
        for (int round = 0; round < 2; round++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            MqttFrame.Read(bytes, 1000, out MqttFrame frame);
            PublishPacket.TryRead(frame, V500, out read, out _);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal("plant/7/temperature", Text(read.Topic));
        Assert.Equal("21.57", Text(read.Payload));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(read.Payload, out ArraySegment<byte> segment));
        Assert.Same(bytes, segment.Array);
        Assert.Equal(60u, read.Properties.GetOrDefault(MqttPropertyId.MessageExpiryInterval, 0));
        var units = new List<string>();
        foreach (MqttProperty property in read.Properties)
        {
            if (property.Id == MqttPropertyId.UserProperty)
            {
                units.Add($"{Text(property.Bytes)}={Text(property.UserValue)}");
            }
        }
        Assert.Equal(["unit=C", "unit=K"], units);
    }

    [Fact]
    public void Every_property_comes_back_in_a_packet_that_may_hold_it_and_in_no_other()
    {
        var owners = Enum.GetValues<MqttPacketType>().Append(MqttPropertyRules.WillOwner).ToArray();
        foreach (MqttPropertyId id in Enum.GetValues<MqttPropertyId>())
        {
            var builder = new MqttPropertiesBuilder();
            MqttPropertyKind kind = MqttPropertyRules.KindOf(id);
            builder = kind switch
            {
                MqttPropertyKind.Text or MqttPropertyKind.Binary => builder.Add(id, "x"),
                MqttPropertyKind.TextPair => builder.AddUser("n", "v"),
                _ => builder.Add(id, 1),
            };
            MqttProperties written = builder.Build();
            byte[] bytes = [(byte)written.Encoded.Length, .. written.Encoded.Span];
            int allowed = 0;
            foreach (MqttPacketType owner in owners)
            {
                var reader = new MqttReader(bytes);
                MqttReadError error = MqttProperties.Read(ref reader, owner, out MqttProperties read);
                Assert.Equal(MqttPropertyRules.IsAllowed(id, owner) ? MqttReadError.None : MqttReadError.Malformed, error);
                allowed += error == MqttReadError.None ? 1 : 0;
                Assert.Equal(error == MqttReadError.None, !read.IsEmpty);
            }
            Assert.True(allowed > 0, $"{id} may stand nowhere.");

            byte[] twice = [(byte)(written.Encoded.Length * 2), .. written.Encoded.Span, .. written.Encoded.Span];
            MqttPacketType first = owners.First(owner => MqttPropertyRules.IsAllowed(id, owner));
            var twiceReader = new MqttReader(twice);
            Assert.Equal(
                MqttPropertyRules.MayRepeat(id, first) ? MqttReadError.None : MqttReadError.ProtocolError,
                MqttProperties.Read(ref twiceReader, first, out _));
        }
    }

    [Theory]
    [InlineData(V311)]
    [InlineData(V500)]
    public void Replies_and_wishes_come_back_as_they_were(MqttProtocolVersion version)
    {
        var subscribe = new SubscribePacket { PacketId = 3, Subscriptions = new[] { new TopicSubscription { Filter = Utf8("$share/g/a/+"), MaximumQuality = MqttQualityOfService.AtLeastOnce } } };
        Assert.True(SubscribePacket.TryRead(Frame(Of(subscribe, version)), version, out SubscribePacket readSubscribe, out _));
        Assert.Equal("$share/g/a/+", Text(readSubscribe.Subscriptions.Span[0].Filter));

        var unsubscribe = new UnsubscribePacket { PacketId = 4, Filters = new[] { Utf8("x/y") } };
        Assert.True(UnsubscribePacket.TryRead(Frame(Of(unsubscribe, version)), version, out UnsubscribePacket readUnsubscribe, out _));
        Assert.Equal("x/y", Text(readUnsubscribe.Filters.Span[0]));

        var reply = new SubscriptionReplyPacket { Type = MqttPacketType.SubAck, PacketId = 3, Codes = new byte[] { 1, 0x80 } };
        Assert.True(SubscriptionReplyPacket.TryRead(Frame(Of(reply, version)), version, out SubscriptionReplyPacket readReply, out _));
        Assert.Equal(new byte[] { 1, 0x80 }, readReply.Codes.ToArray());

        var connack = new ConnAckPacket { Reason = MqttReasonCode.NotAuthorized };
        Assert.True(ConnAckPacket.TryRead(Frame(Of(connack, version)), version, out ConnAckPacket readConnack, out _));
        Assert.Equal(MqttReasonCode.NotAuthorized, readConnack.Reason);

        var comp = new AcknowledgePacket { Type = MqttPacketType.PubComp, PacketId = 65535 };
        Assert.True(AcknowledgePacket.TryRead(Frame(Of(comp, version)), version, out AcknowledgePacket readComp, out _));
        Assert.Equal(65535, readComp.PacketId);
    }

    [Fact]
    public void A_server_that_does_not_know_5_0_is_understood_when_it_says_so_in_its_own_words()
    {
        Assert.True(ConnAckPacket.TryRead(Frame("20 02 00 01"), V500, out ConnAckPacket read, out _));
        Assert.Equal(MqttReasonCode.UnsupportedProtocolVersion, read.Reason);
    }
}
