using EdgeAgent.Mqtt.Packets;
using Xunit.Abstractions;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests;

/// <summary>Nothing that comes from a socket makes a parser throw, or read what it was not given.</summary>
public sealed class HostileBytesTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1.5);

    [Fact]
    public void Truncated_bit_flipped_and_random_packets_are_read_or_refused_by_name()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[][] sound = [.. Samples()];
        long end = Environment.TickCount64 + (long)Budget.TotalMilliseconds;
        var outcomes = new Dictionary<MqttReadError, int>();
        int rounds = 0;
        for (; Environment.TickCount64 < end; rounds++)
        {
            byte[] bytes = Damage((byte[])sound[random.Next(sound.Length)].Clone(), random);
            if (MqttFrame.Read(bytes, 10_000, out MqttFrame frame) == MqttFrameResult.Complete)
            {
                foreach (MqttProtocolVersion version in new[] { V311, V500 })
                {
                    MqttReadError error = Read(frame, version);
                    outcomes[error] = outcomes.GetValueOrDefault(error) + 1;
                }
            }
            TopicFilter.IsValid(bytes);
        }
        output.WriteLine($"{rounds} rounds: {string.Join(", ", outcomes)}");
        Assert.True(outcomes[MqttReadError.None] > 0 && outcomes[MqttReadError.Malformed] > 0 && outcomes[MqttReadError.ProtocolError] > 0);
    }

    [Fact]
    public void Every_beginning_of_a_packet_is_incomplete()
    {
        foreach (byte[] bytes in Samples())
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.Equal(MqttFrameResult.Incomplete, MqttFrame.Read(bytes.AsMemory(0, length), 10_000, out _));
            }
        }
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }
                break;
            case 1:
                // Cut off, with the header made to fit, so that the parser gets to see the stump.
                bytes = bytes[..random.Next(2, bytes.Length + 1)];
                bytes[1] = (byte)(bytes.Length - 2);
                break;
            case 2:
                random.NextBytes(bytes.AsSpan(2));
                break;
        }
        return bytes;
    }

    private static IEnumerable<byte[]> Samples()
    {
        MqttProperties publishProperties = new MqttPropertiesBuilder().Add(MqttPropertyId.MessageExpiryInterval, 1).Add(MqttPropertyId.ResponseTopic, "r").AddUser("a", "b").Build();
        foreach (MqttProtocolVersion version in new[] { V311, V500 })
        {
            yield return Of(new ConnectPacket
            {
                Version = version,
                ClientId = Utf8("c"),
                Will = new MqttWill { Topic = Utf8("w"), Payload = Utf8("p") },
                UserName = Utf8("u"),
                Password = Utf8("p"),
                Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.ReceiveMaximum, 5).Build(),
            });
            yield return Of(new ConnAckPacket { Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.ServerKeepAlive, 5).Build() }, version);
            yield return Of(new PublishPacket { Topic = Utf8("a/b"), PacketId = 1, Quality = MqttQualityOfService.AtLeastOnce, Payload = Utf8("x"), Properties = publishProperties }, version);
            yield return Of(new AcknowledgePacket { Type = MqttPacketType.PubRec, PacketId = 1, Reason = MqttReasonCode.QuotaExceeded, Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.ReasonString, "r").Build() }, version);
            yield return Of(new AcknowledgePacket { Type = MqttPacketType.PubRel, PacketId = 1 }, version);
            yield return Of(new SubscribePacket { PacketId = 1, Subscriptions = new[] { new TopicSubscription { Filter = Utf8("$share/a/b/#") } } }, version);
            yield return Of(new UnsubscribePacket { PacketId = 1, Filters = new[] { Utf8("+/a"), Utf8("b") } }, version);
            yield return Of(new SubscriptionReplyPacket { Type = MqttPacketType.SubAck, PacketId = 1, Codes = new byte[] { 0, 1, 2 } }, version);
            yield return Of(new DisconnectPacket { Type = MqttPacketType.Disconnect, Reason = MqttReasonCode.ServerMoved, Properties = new MqttPropertiesBuilder().Add(MqttPropertyId.ServerReference, "s").Build() }, version);
        }
    }
}
