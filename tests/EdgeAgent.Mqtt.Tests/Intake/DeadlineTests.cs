using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Testing;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

public sealed class DeadlineTests
{
    [Fact]
    public async Task A_device_that_is_silent_for_one_and_a_half_keep_alive_periods_is_disconnected()
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V500);
        await device.ConnectAsync("d", keepAlive: 10);
        await intake.AdvanceAsync(TimeSpan.FromSeconds(14));
        await device.PingAsync();
        // The answer has come, so the intake waits anew once it has looked for more; a second ping makes sure of it.
        await device.PingAsync();
        await intake.AdvanceAsync(TimeSpan.FromSeconds(14));
        Assert.Equal(1, intake.Counters.ConnectionsOpen);
        await intake.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(MqttReasonCode.KeepAliveTimeout, await device.ReceiveDisconnectAsync());
        await device.AssertClosedAsync();
        Assert.Equal(IntakeCloseCause.KeepAliveExpired, (await intake.Owner.NextClosedAsync()).Cause);
    }

    [Theory]
    [InlineData(V311, 0, 100_000, true)] // none: TCP's own keep-alive finds it
    [InlineData(V311, 3600, 5300, true)] // more than we should like, and no word to tell it
    [InlineData(V311, 3600, 5403, false)]
    [InlineData(V500, 0, 890, true)] // told to be heard of every ten minutes
    [InlineData(V500, 0, 903, false)]
    [InlineData(V500, 3600, 903, false)]
    public async Task A_keep_alive_that_is_too_long_is_shortened_where_the_device_can_be_told(MqttProtocolVersion version, ushort asked, int silence, bool isStillThere)
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(version);
        await device.ConnectAsync("d", keepAlive: asked);
        await device.PingAsync();
        await device.PingAsync();
        await intake.AdvanceAsync(TimeSpan.FromSeconds(silence));
        if (isStillThere)
        {
            await device.PingAsync();
        }
        else
        {
            Assert.Equal(IntakeCloseCause.KeepAliveExpired, (await intake.Owner.NextClosedAsync()).Cause);
        }
    }

    [Fact]
    public async Task A_device_that_is_held_back_is_not_called_silent()
    {
        await using var intake = new TestIntake();
        var release = new TaskCompletionSource();
        intake.Owner.Hold = (_, _) => release.Task;
        using Device device = intake.Open(V311);
        await device.ConnectAsync("d", keepAlive: 10);
        device.Publish(1, "x");
        Owner.Message message = await intake.Owner.NextAsync();
        await intake.AdvanceAsync(TimeSpan.FromHours(1));
        release.SetResult();
        message.Ticket.Accept();
        await device.ReceiveAcknowledgeAsync(MqttPacketType.PubAck);
        await device.PingAsync();
    }

    [Fact]
    public async Task Who_does_not_connect_in_time_is_closed()
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V311);
        device.SendRaw(0x10, 0x20);
        // A second connection that works proves that the first was accepted.
        using Device other = await intake.ConnectAsync(V311);
        await intake.AdvanceAsync(TimeSpan.FromSeconds(12));
        await device.AssertClosedAsync();
        IntakeClosed closed = await intake.Owner.NextClosedAsync();
        Assert.Equal((IntakeCloseCause.ConnectTimedOut, (string?)null), (closed.Cause, closed.ClientId));
        await other.PingAsync();
    }

    [Fact]
    public async Task Who_does_not_take_its_answers_is_closed()
    {
        await using var intake = new TestIntake();
        using Device device = intake.Open(V311, receiveBuffer: 4096);
        await device.ConnectAsync("d");
        // PINGREQs until the intake closes: it stops reading when its answers do not leave, and then it stands still until the deadline.
        byte[] pings = new byte[64 * 1024];
        for (int i = 0; i < pings.Length; i += 2)
        {
            pings[i] = 0xC0;
        }
        Task<int> flooding = Task.Run(() =>
        {
            try
            {
                while (true)
                {
                    device.Socket.Send(pings);
                }
            }
            catch (System.Net.Sockets.SocketException reset)
            {
                return reset.ErrorCode;
            }
        });
        using Device other = await intake.ConnectAsync(V311, "other");
        Task<IntakeClosed> closing = intake.Owner.NextClosedAsync();
        while (!closing.IsCompleted)
        {
            // Slowly, so that only a write that really stands still is older than the deadline.
            intake.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
        await other.PingAsync();
        Assert.Equal(IntakeCloseCause.WriteTimedOut, (await closing).Cause);
        await flooding.WaitAsync(TimeSpan.FromSeconds(10));
        await other.PingAsync();
    }

    [Fact]
    public async Task A_stop_lets_publishes_in_flight_be_acknowledged_and_reads_no_more()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V500);
        device.Publish(1, "x");
        Owner.Message message = await intake.Owner.NextAsync();
        Task<IntakeStopOutcome> stopping = intake.Listener.StopAsync();
        device.Publish(2, "too late");
        message.Ticket.Accept();
        Assert.Equal(1, (await device.ReceiveAcknowledgeAsync(MqttPacketType.PubAck)).PacketId);
        Assert.Equal(MqttReasonCode.ServerShuttingDown, await device.ReceiveDisconnectAsync());
        await device.AssertClosedAsync();
        device.Dispose();
        Assert.Equal(IntakeStopOutcome.Settled, await stopping);
        Assert.Equal(1, intake.Counters.Publishes);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_ever_for_an_owner_that_does_not_settle()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V500);
        device.Publish(1, "x");
        await intake.Owner.NextAsync();
        Task<IntakeStopOutcome> stopping = intake.Listener.StopAsync();
        Assert.False(stopping.IsCompleted);
        intake.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(IntakeStopOutcome.CutOff, await stopping.WaitAsync(TimeSpan.FromSeconds(10)));
        await device.AssertClosedAsync();
    }

    [Fact]
    public async Task A_stop_leaves_a_handler_behind_that_ignores_its_cancellation_and_says_so()
    {
        await using var intake = new TestIntake();
        var never = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        intake.Owner.Hold = (_, cancellation) =>
        {
            cancellation.Register(cancelled.SetResult);
            return never.Task;
        };
        using Device device = await intake.ConnectAsync(V500);
        device.Publish(1, "x");
        await intake.Owner.NextAsync();
        Task<IntakeStopOutcome> stopping = intake.Listener.StopAsync();
        intake.Clock.Advance(TimeSpan.FromSeconds(5));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(stopping.IsCompleted);
        await Eventually.TrueAsync(
            () =>
            {
                intake.Clock.Advance(TimeSpan.FromSeconds(2));
                return stopping.IsCompleted;
            },
            TimeSpan.FromSeconds(10),
            "the stop to give up");
        Assert.Equal(IntakeStopOutcome.HandlerStuck, await stopping);
        await device.AssertClosedAsync();
        // Whenever it returns, nothing breaks.
        never.SetResult();
        await intake.Owner.NextClosedAsync();
    }

    [Fact]
    public async Task A_second_stop_hurries_the_first_and_gets_its_outcome()
    {
        await using var intake = new TestIntake();
        using Device device = await intake.ConnectAsync(V500);
        device.Publish(1, "x");
        await intake.Owner.NextAsync();
        Task<IntakeStopOutcome> patient = intake.Listener.StopAsync();
        Assert.Equal(IntakeStopOutcome.CutOff, await intake.Listener.StopAsync(new CancellationToken(canceled: true)).WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(IntakeStopOutcome.CutOff, await patient);
    }
}
