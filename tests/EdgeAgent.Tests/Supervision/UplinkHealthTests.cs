using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Supervision;

public sealed class UplinkHealthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FakeSupervisor _supervisor;
    private readonly UplinkHealth _health;

    public UplinkHealthTests()
    {
        _supervisor = new FakeSupervisor(_folder["notify"]);
        _health = new UplinkHealth(
            new SupervisorSocket(_folder["notify"]), new UplinkOptions { FruitlessConnections = 3 }, _time, NullLogger<UplinkHealth>.Instance);
    }

    public void Dispose()
    {
        _supervisor.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_supervisor_is_told_from_the_limit_on_and_when_it_is_over()
    {
        Assert.Equal(default, _health.Progress);
        _health.OnFruitless(SpoolLane.Live, 1, "");
        _health.OnFruitless(SpoolLane.Live, 2, "");
        Assert.Equal(new UplinkProgress(false, 2, null), _health.Progress);
        _health.OnFruitless(SpoolLane.Live, 3, "Nobody answers.");
        Assert.Equal(new UplinkProgress(true, 3, null), _health.Progress);
        _health.OnAcknowledged(SpoolLane.Live);
        Assert.Equal(new UplinkProgress(false, 0, TimeSpan.Zero), _health.Progress);

        Assert.Equal(
            "STATUS=The uplink makes no progress: the Live lane had 3 connections in a row without an acknowledgement. Nobody answers.",
            await _supervisor.NextAsync());
        Assert.Equal("STATUS=The uplink makes progress again.", await _supervisor.NextAsync());
    }

    [Fact]
    public void One_stuck_lane_is_enough_whatever_the_other_does()
    {
        _health.OnFruitless(SpoolLane.Live, 3, "");
        _health.OnAcknowledged(SpoolLane.Alarm);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(new UplinkProgress(true, 3, TimeSpan.FromMinutes(1)), _health.Progress);
    }

    [Fact]
    public void The_line_is_alive_for_a_lane_while_others_are_acknowledged()
    {
        long before = _time.GetTimestamp();
        _health.OnAcknowledged(SpoolLane.Alarm);
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.True(_health.HasAcknowledgedOther(SpoolLane.Live, before));
        Assert.False(_health.HasAcknowledgedOther(SpoolLane.Live, before + 1));
        Assert.False(_health.HasAcknowledgedOther(SpoolLane.Alarm, before));
    }
}
