using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>How long a session lives: what the device asks for, what it gets, and what ends it.</summary>
public sealed class SessionTests
{
    private const MqttQualityOfService Exactly = MqttQualityOfService.ExactlyOnce;

    [Theory]
    [InlineData(V500, null, 0, false)] // absent means zero
    [InlineData(V500, 0u, 0, false)]
    [InlineData(V500, 30u, 29, true)]
    [InlineData(V500, 30u, 30, false)]
    [InlineData(V500, uint.MaxValue, 3599, true)] // for ever, which is an hour here, and told so
    [InlineData(V500, uint.MaxValue, 3600, false)]
    [InlineData(V311, null, 3599, true)] // no clean session has no other end than ours
    [InlineData(V311, null, 3600, false)]
    public async Task A_session_is_there_until_its_time_is_over_and_not_after(MqttProtocolVersion version, uint? expiry, int seconds, bool isPresent)
    {
        await using var intake = new TestIntake();
        using (Device device = intake.Open(version))
        {
            await device.ConnectAsync("device", cleanStart: false, properties: Expiry(expiry));
        }
        await intake.Owner.NextClosedAsync();
        await intake.AdvanceAsync(TimeSpan.FromSeconds(seconds));
        using Device again = intake.Open(version);
        Assert.Equal(isPresent, (await again.ConnectAsync("device", cleanStart: false, properties: Expiry(expiry))).SessionPresent);
    }

    [Theory]
    [InlineData(60u, 0u, false)]
    [InlineData(60u, 7200u, true)]
    [InlineData(60u, null, true)]
    public async Task A_goodbye_may_change_how_long_the_session_lives(uint asked, uint? atGoodbye, bool isPresent)
    {
        await using var intake = new TestIntake();
        using (Device device = intake.Open(V500))
        {
            await device.ConnectAsync("device", cleanStart: false, properties: Expiry(asked));
            device.Send(new DisconnectPacket { Type = MqttPacketType.Disconnect, Properties = Expiry(atGoodbye) });
            await device.AssertClosedAsync();
        }
        await intake.Owner.NextClosedAsync();
        await intake.AdvanceAsync(TimeSpan.FromSeconds(59));
        using Device again = intake.Open(V500);
        Assert.Equal(isPresent, (await again.ConnectAsync("device", cleanStart: false)).SessionPresent);
    }

    [Fact]
    public async Task Who_asked_for_no_session_cannot_have_one_at_goodbye()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V500);
        device.Send(new DisconnectPacket { Type = MqttPacketType.Disconnect, Properties = Expiry(10) });
        Assert.Equal(MqttReasonCode.ProtocolError, await device.ReceiveDisconnectAsync());
    }

    [Theory]
    [InlineData(V311, true)]
    [InlineData(V311, false)]
    [InlineData(V500, true)]
    [InlineData(V500, false)]
    public async Task A_takeover_goes_on_with_the_session_unless_one_of_the_two_wants_none(MqttProtocolVersion version, bool wantsSession)
    {
        await using var intake = new TestIntake();
        using Device first = intake.Open(version);
        // 3.1.1 has one flag for both: begin anew, and keep nothing.
        bool cleanStart = version == V311 && !wantsSession;
        MqttProperties properties = version == V500 ? Expiry(wantsSession ? 60u : 0u) : default;
        await first.ConnectAsync("device", cleanStart, properties: properties);
        first.Publish(5, "x", Exactly);
        Owner.Message message = await intake.Owner.NextAsync();
        using Device second = intake.Open(version);
        Assert.Equal(wantsSession, (await second.ConnectAsync("device", cleanStart: false, properties: properties)).SessionPresent);
        await intake.Owner.NextClosedAsync();
        second.Publish(5, "x", Exactly, duplicate: true);
        if (!wantsSession)
        {
            message = await intake.Owner.NextAsync();
        }
        message.Ticket.Accept();
        await second.ReceiveAcknowledgeAsync(MqttPacketType.PubRec);
        Assert.Equal(wantsSession ? 1 : 2, intake.Counters.Publishes);
    }

    private static MqttProperties Expiry(uint? seconds) =>
        seconds is { } value ? new MqttPropertiesBuilder().Add(MqttPropertyId.SessionExpiryInterval, value).Build() : default;
}
