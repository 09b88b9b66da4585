using EdgeAgent.Diagnostics;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class SendGateTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly Budget _budget = new();
    private readonly AgentMetrics _metrics = new();

    [Fact]
    public async Task The_backlog_waits_until_live_data_has_left()
    {
        SendGate gate = Gate();
        Assert.True(await gate.EnterAsync(SpoolLane.Live, 10, CancellationToken.None));
        Task<bool> backlog = gate.EnterAsync(SpoolLane.Backlog, 10, CancellationToken.None).AsTask();
        Assert.True(await gate.EnterAsync(SpoolLane.Alarm, 10, CancellationToken.None));
        gate.Leave(SpoolLane.Live);
        Assert.False(backlog.IsCompleted);
        gate.Leave(SpoolLane.Alarm);
        Assert.True(await backlog.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task The_lower_one_of_the_services_rate_and_the_configured_one_counts()
    {
        SendGate gate = Gate(rate: 1_000);
        gate.Limit(100);
        Assert.True(await gate.EnterAsync(SpoolLane.Backlog, 200, CancellationToken.None));
        gate.Leave(SpoolLane.Backlog);
        Task<bool> next = gate.EnterAsync(SpoolLane.Backlog, 1, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Who_would_have_to_wait_long_is_turned_away_and_stands_in_nobodys_way()
    {
        SendGate gate = Gate(rate: 100);
        Assert.True(await gate.EnterAsync(SpoolLane.Live, 1_000, CancellationToken.None));
        gate.Leave(SpoolLane.Live);
        Assert.False(await gate.EnterAsync(SpoolLane.Live, 1, CancellationToken.None));
        Task turn = gate.TurnAsync(SpoolLane.Live, CancellationToken.None);
        Assert.True(await gate.EnterAsync(SpoolLane.Alarm, 1, CancellationToken.None));
        gate.Leave(SpoolLane.Alarm);
        // Who waits looks again, at a time of its own choice, whenever somebody has left.
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return turn.IsCompleted;
            },
            TimeSpan.FromSeconds(30),
            "it is paid for");
    }

    [Fact]
    public async Task Behind_a_lane_that_never_stops_the_wait_ends_all_the_same()
    {
        SendGate gate = Gate();
        Assert.True(await gate.EnterAsync(SpoolLane.Live, 10, CancellationToken.None));
        Task<bool> backlog = gate.EnterAsync(SpoolLane.Backlog, 10, CancellationToken.None).AsTask();
        _time.Advance(SendGate.Patience);
        Assert.False(await backlog.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task The_backlog_puts_no_more_in_front_of_the_socket_than_the_line_takes_in_a_moment_and_live_data_is_not_asked()
    {
        SendGate gate = Gate();
        Assert.True(await gate.EnterAsync(SpoolLane.Backlog, (int)AheadOfSocket.Least, CancellationToken.None));
        gate.Leave(SpoolLane.Backlog);
        Task<bool> next = gate.EnterAsync(SpoolLane.Backlog, 1, CancellationToken.None).AsTask();
        Assert.True(await gate.EnterAsync(SpoolLane.Live, 100_000, CancellationToken.None));
        gate.Leave(SpoolLane.Live);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.False(next.IsCompleted);
        _metrics.WireBytesSent.Add(104_500);
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(10));
                return next.IsCompleted;
            },
            TimeSpan.FromSeconds(30),
            "the socket has taken it");
        Assert.True(await next);
    }

    [Fact]
    public async Task What_the_bill_forbids_is_turned_away_and_the_others_go_on()
    {
        SendGate gate = Gate();
        _budget.Held[SpoolLane.Backlog] = TimeSpan.FromHours(1);
        Assert.False(await gate.EnterAsync(SpoolLane.Backlog, 10, CancellationToken.None));
        Assert.True(await gate.EnterAsync(SpoolLane.Live, 10, CancellationToken.None));
    }

    public void Dispose() => _metrics.Dispose();

    private SendGate Gate(ulong rate = 0) => new(new UplinkOptions { BytesPerSecond = rate }, _budget, _metrics, _time);

    private sealed class Budget : ILaneBudget
    {
        public Dictionary<SpoolLane, TimeSpan> Held { get; } = [];

        public TimeSpan WaitFor(SpoolLane lane) => Held.GetValueOrDefault(lane);
    }
}
