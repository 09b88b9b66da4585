using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

public sealed class WillTests
{
    /// <summary>How a device goes.</summary>
    public enum Way
    {
        Goodbye,
        GoodbyeWithWill,
        ConnectionLost,
        KeepAliveExpired,
        Malformed,
        Displaced,
        IntakeStops,
    }

    [Theory]
    [InlineData(V311, Way.Goodbye, false)]
    [InlineData(V311, Way.ConnectionLost, true)]
    [InlineData(V311, Way.KeepAliveExpired, true)]
    [InlineData(V311, Way.Malformed, true)]
    [InlineData(V311, Way.Displaced, true)]
    [InlineData(V311, Way.IntakeStops, false)]
    [InlineData(V500, Way.Goodbye, false)]
    [InlineData(V500, Way.GoodbyeWithWill, true)]
    [InlineData(V500, Way.ConnectionLost, true)]
    [InlineData(V500, Way.KeepAliveExpired, true)]
    [InlineData(V500, Way.Malformed, true)]
    [InlineData(V500, Way.Displaced, true)]
    [InlineData(V500, Way.IntakeStops, false)]
    public async Task A_will_without_a_delay_is_published_at_once_unless_the_device_said_goodbye_or_the_intake_went(MqttProtocolVersion version, Way way, bool isPublished)
    {
        await using var intake = new TestIntake();
        using Device device = await ConnectAsync(intake, version, delay: null, expiry: null);
        using Device? successor = await GoAsync(intake, device, way);
        await intake.Owner.NextClosedAsync();
        // The will comes before the end is reported.
        Assert.Equal(isPublished ? 1 : 0, intake.Counters.Publishes);
        if (isPublished)
        {
            await AssertWillAsync(intake);
        }
    }

    [Theory]
    [InlineData(Way.ConnectionLost)]
    [InlineData(Way.GoodbyeWithWill)]
    [InlineData(Way.KeepAliveExpired)]
    [InlineData(Way.Malformed)]
    public async Task A_will_with_a_delay_is_published_when_the_delay_is_over_and_not_before(Way way)
    {
        await using var intake = new TestIntake();
        using Device device = await ConnectAsync(intake, V500, delay: 30, expiry: 3600);
        using Device? successor = await GoAsync(intake, device, way);
        await intake.Owner.NextClosedAsync();
        await intake.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(0, intake.Counters.Publishes);
        await intake.AdvanceAsync(TimeSpan.FromSeconds(2));
        await AssertWillAsync(intake);
        await intake.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(1, intake.Counters.Publishes);
    }

    [Theory]
    [InlineData(Way.ConnectionLost)]
    [InlineData(Way.Displaced)]
    public async Task A_device_that_comes_back_to_its_session_within_the_delay_takes_its_will_back(Way way)
    {
        await using var intake = new TestIntake();
        Device device = await ConnectAsync(intake, V500, delay: 30, expiry: 3600);
        if (way == Way.ConnectionLost)
        {
            device.Dispose();
            await intake.Owner.NextClosedAsync();
            await intake.AdvanceAsync(TimeSpan.FromSeconds(29));
        }
        using Device again = intake.Open(V500);
        Assert.True((await again.ConnectAsync("device", cleanStart: false)).SessionPresent);
        if (way == Way.Displaced)
        {
            await intake.Owner.NextClosedAsync();
        }
        await intake.AdvanceAsync(TimeSpan.FromMinutes(1));
        await again.PingAsync();
        Assert.Equal(0, intake.Counters.Publishes);
        device.Dispose();
    }

    [Theory]
    [InlineData(30u, 10u)] // the session ends first
    [InlineData(30u, 0u)]
    [InlineData(30u, null)]
    public async Task A_session_that_ends_within_the_delay_publishes_the_will(uint delay, uint? expiry)
    {
        await using var intake = new TestIntake();
        (await ConnectAsync(intake, V500, delay, expiry)).Dispose();
        await intake.Owner.NextClosedAsync();
        if (expiry > 0)
        {
            await intake.AdvanceAsync(TimeSpan.FromSeconds(9));
            Assert.Equal(0, intake.Counters.Publishes);
        }
        await intake.AdvanceAsync(TimeSpan.FromSeconds(2));
        await AssertWillAsync(intake);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_clean_start_ends_the_session_and_publishes_the_will_of_the_one_before(bool isOldConnectionHanging)
    {
        await using var intake = new TestIntake();
        Device device = await ConnectAsync(intake, V500, delay: 30, expiry: 3600);
        if (!isOldConnectionHanging)
        {
            device.Dispose();
            await intake.Owner.NextClosedAsync();
        }
        using Device anew = await intake.ConnectAsync(V500);
        await AssertWillAsync(intake);
        device.Dispose();
    }

    [Fact]
    public async Task A_session_that_is_forgotten_for_want_of_room_publishes_its_will()
    {
        await using var intake = new TestIntake(new IntakeOptions { EndPoint = TestIntake.AnyPort, MaximumConnections = 1, MaximumSessions = 1 });
        (await ConnectAsync(intake, V500, delay: 30, expiry: 3600)).Dispose();
        await intake.Owner.NextClosedAsync();
        using Device other = await intake.ConnectAsync(V500, "other");
        await AssertWillAsync(intake);
    }

    [Fact]
    public async Task A_stop_publishes_the_wills_of_those_that_were_lost_before_since_nobody_will_remember_them()
    {
        await using var intake = new TestIntake();
        (await ConnectAsync(intake, V500, delay: 30, expiry: 3600)).Dispose();
        await intake.Owner.NextClosedAsync();
        Assert.Equal(IntakeStopOutcome.Settled, await intake.Listener.StopAsync());
        await AssertWillAsync(intake);
    }

    [Fact]
    public async Task One_will_more_than_may_wait_is_published_without_its_delay()
    {
        await using var intake = new TestIntake(new IntakeOptions { EndPoint = TestIntake.AnyPort, MaximumDelayedWills = 1 });
        (await ConnectAsync(intake, V500, delay: 30, expiry: 3600, clientId: "first")).Dispose();
        await intake.Owner.NextClosedAsync();
        (await ConnectAsync(intake, V500, delay: 30, expiry: 3600)).Dispose();
        await intake.Owner.NextClosedAsync();
        await AssertWillAsync(intake);
        // A place that is given back serves again.
        using (Device first = intake.Open(V500))
        {
            await first.ConnectAsync("first", cleanStart: false);
        }
        await intake.Owner.NextClosedAsync();
        (await ConnectAsync(intake, V500, delay: 30, expiry: 3600, clientId: "third")).Dispose();
        await intake.Owner.NextClosedAsync();
        Assert.Equal(1, intake.Counters.Publishes);
    }

    [Fact]
    public async Task A_handler_that_throws_at_a_will_costs_that_will_and_is_reported()
    {
        await using var intake = new TestIntake();
        intake.Owner.Hold = (_, _) => throw new InvalidOperationException("a bug");
        (await ConnectAsync(intake, V500, delay: null, expiry: null)).Dispose();
        Assert.Equal(IntakeCloseCause.ConnectionLost, (await intake.Owner.NextClosedAsync()).Cause);
        Assert.Equal(("device", "a bug"), Assert.Single(intake.Owner.FailedWills));
    }

    private static async Task<Device> ConnectAsync(TestIntake intake, MqttProtocolVersion version, uint? delay, uint? expiry, string clientId = "device")
    {
        Device device = intake.Open(version);
        var ofWill = new MqttPropertiesBuilder();
        var ofConnect = new MqttPropertiesBuilder();
        if (delay is { } seconds)
        {
            ofWill.Add(MqttPropertyId.WillDelayInterval, seconds);
        }
        if (version == V500)
        {
            ofWill.AddUser("unit", "C");
        }
        if (expiry is { } life)
        {
            ofConnect.Add(MqttPropertyId.SessionExpiryInterval, life);
        }
        var will = new MqttWill { Topic = Utf8("state"), Payload = Utf8("gone"), Quality = MqttQualityOfService.AtLeastOnce, Retain = true, Properties = ofWill.Build() };
        await device.ConnectAsync(clientId, keepAlive: 10, will: will, properties: ofConnect.Build());
        return device;
    }

    /// <returns>The device that has taken its place, if any.</returns>
    private static async Task<Device?> GoAsync(TestIntake intake, Device device, Way way)
    {
        switch (way)
        {
            case Way.Goodbye:
                device.Send(new DisconnectPacket { Type = MqttPacketType.Disconnect });
                break;
            case Way.GoodbyeWithWill:
                device.Send(new DisconnectPacket { Type = MqttPacketType.Disconnect, Reason = MqttReasonCode.DisconnectWithWillMessage });
                break;
            case Way.ConnectionLost:
                device.Dispose();
                break;
            case Way.KeepAliveExpired:
                // The answers show that the intake listens again, so that the clock counts.
                await device.PingAsync();
                await device.PingAsync();
                await intake.AdvanceAsync(TimeSpan.FromSeconds(17));
                break;
            case Way.Malformed:
                device.SendRaw(0x00, 0x00);
                break;
            case Way.Displaced:
                return await intake.ConnectAsync(device.Version);
            case Way.IntakeStops:
                _ = intake.Listener.StopAsync();
                break;
        }
        device.Dispose();
        return null;
    }

    private static async Task AssertWillAsync(TestIntake intake)
    {
        Owner.Message message = await intake.Owner.NextAsync();
        Assert.Equal(
            ("state", "gone", true, true, MqttQualityOfService.AtLeastOnce, "device"),
            (message.Topic, message.Payload, message.Publish.IsWill, message.Publish.Retain, message.Publish.Quality, message.Publish.ClientId));
    }
}
