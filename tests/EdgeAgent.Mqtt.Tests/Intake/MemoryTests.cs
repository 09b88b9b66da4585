using System.Runtime.InteropServices;
using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Testing;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>What devices can make the intake hold, and what a message costs.</summary>
public sealed class MemoryTests
{
    private const int PacketSize = 64 * 1024;

    [Theory]
    [InlineData(V311)]
    [InlineData(V500)]
    public async Task Large_packets_of_all_devices_together_are_bounded_and_the_one_too_many_is_told_to_come_again(MqttProtocolVersion version)
    {
        await using var intake = new TestIntake(new IntakeOptions
        {
            EndPoint = TestIntake.AnyPort,
            MaximumPacketSize = PacketSize,
            MaximumBufferedBytes = 2 * PacketSize,
        });
        byte[] packet = Of(new PublishPacket { Topic = Utf8("t"), Payload = new byte[PacketSize - 100] }, version);
        var slow = new List<Device>();
        for (int i = 0; i < 3; i++)
        {
            Device device = await intake.ConnectAsync(version, $"device{i}");
            slow.Add(device);
            // Only the beginning: the whole packet's room is taken when its length is known.
            device.SendRaw(packet[..10_000]);
            if (i < 2)
            {
                await Eventually.TrueAsync(() => intake.Listener.BufferedBytes == (i + 1) * PacketSize, TimeSpan.FromSeconds(10), "room to be taken");
            }
        }
        if (version == V500)
        {
            Assert.Equal(MqttReasonCode.QuotaExceeded, await slow[2].ReceiveDisconnectAsync());
        }
        await slow[2].AssertClosedAsync();
        Assert.Equal((IntakeCloseCause.BuffersInUse, "device2"), await CauseAsync(intake));
        // Short messages are not held up by that, and the others arrive whole.
        using Device other = await intake.ConnectAsync(version, "short");
        other.Publish(1, "short");
        Assert.Equal("short", (await intake.Owner.NextAsync()).Payload);
        slow[0].SendRaw(packet[10_000..]);
        Assert.Equal(PacketSize - 100, (await intake.Owner.NextAsync()).Payload.Length);
        slow[0].Dispose();
        slow[1].Dispose();
        await Eventually.TrueAsync(() => intake.Listener.BufferedBytes == 0, TimeSpan.FromSeconds(10), "all room to be given back");
    }

    [Fact]
    public async Task A_payload_is_handed_over_where_it_was_received_and_not_copied()
    {
        await using var intake = new TestIntake();
        var arrays = new List<ArraySegment<byte>>();
        intake.Owner.Hold = (message, _) =>
        {
            Assert.True(MemoryMarshal.TryGetArray(message.Publish.Payload, out ArraySegment<byte> payload));
            Assert.True(MemoryMarshal.TryGetArray(message.Publish.Topic, out ArraySegment<byte> topic));
            arrays.Add(topic);
            arrays.Add(payload);
            return Task.CompletedTask;
        };
        using Device device = await intake.ConnectAsync(V500);
        byte[] one = Of(new PublishPacket { Topic = Utf8("topic"), Payload = Utf8("payload") }, V500);
        device.SendRaw([.. one, .. one]);
        await intake.Owner.NextAsync();
        await intake.Owner.NextAsync();
        await device.PingAsync();
        Assert.All(arrays, view => Assert.Same(arrays[0].Array, view.Array));
        // In the buffer as on the wire: header of two bytes, length of the topic, topic, no properties, payload.
        Assert.Equal("topic".Length + 1, arrays[1].Offset - arrays[0].Offset);
        Assert.Equal((one.Length, one.Length), (arrays[2].Offset - arrays[0].Offset, arrays[3].Offset - arrays[1].Offset));
    }

    [Fact]
    public async Task Properties_go_with_the_message_as_the_device_wrote_them()
    {
        await using var intake = new TestIntake();
        var seen = new List<string>();
        intake.Owner.Hold = (message, _) =>
        {
            foreach (MqttProperty property in message.Publish.Properties)
            {
                seen.Add($"{property.Id} {property.Number} {Text(property.Bytes)} {Text(property.UserValue)}");
            }
            return Task.CompletedTask;
        };
        using Device device = await intake.ConnectAsync(V500);
        MqttProperties properties = new MqttPropertiesBuilder()
            .Add(MqttPropertyId.MessageExpiryInterval, 60).Add(MqttPropertyId.ContentType, "text/plain").AddUser("unit", "C").AddUser("unit", "K").Build();
        device.Send(new PublishPacket { Topic = Utf8("t"), Payload = Utf8("x"), Properties = properties });
        await device.PingAsync();
        Assert.Equal(["MessageExpiryInterval 60  ", "ContentType 0 text/plain ", "UserProperty 0 unit C", "UserProperty 0 unit K"], seen);
    }

    private static async Task<(IntakeCloseCause, string?)> CauseAsync(TestIntake intake)
    {
        IntakeClosed closed = await intake.Owner.NextClosedAsync();
        return (closed.Cause, closed.ClientId);
    }
}
