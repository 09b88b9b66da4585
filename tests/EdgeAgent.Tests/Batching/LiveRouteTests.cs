using EdgeAgent.Batching;
using EdgeAgent.Spooling;

namespace EdgeAgent.Tests.Batching;

public sealed class LiveRouteTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private readonly LiveRoute _route = new(Window);

    [Fact]
    public void Within_the_window_everything_is_live() =>
        Assert.Equal(SpoolLane.Live, _route.Next(isDrained: false, Window));

    [Fact]
    public void Behind_the_window_everything_is_backlog_until_the_live_lane_is_drained()
    {
        Assert.Equal(SpoolLane.Backlog, _route.Next(isDrained: false, Window + TimeSpan.FromTicks(1)));
        // The line is back: the oldest record that waits is a new one, but not all is sent.
        Assert.Equal(SpoolLane.Backlog, _route.Next(isDrained: false, TimeSpan.FromSeconds(1)));
        Assert.Equal(SpoolLane.Live, _route.Next(isDrained: true, TimeSpan.Zero));
        Assert.Equal(SpoolLane.Live, _route.Next(isDrained: false, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(false, false, SpoolLane.Backlog)]
    [InlineData(true, false, SpoolLane.Live)]
    [InlineData(false, true, SpoolLane.Live)]
    public void A_restart_in_an_outage_goes_on_with_the_backlog(bool isDrained, bool isBacklogDrained, SpoolLane lane)
    {
        _route.Opened(isDrained, isBacklogDrained);
        Assert.Equal(lane, _route.Next(isDrained, TimeSpan.Zero));
    }

    [Fact]
    public void Without_a_window_nothing_is_ever_backlog()
    {
        var route = new LiveRoute(TimeSpan.Zero);
        route.Opened(isDrained: false, isBacklogDrained: false);
        Assert.Equal(SpoolLane.Live, route.Next(isDrained: false, TimeSpan.MaxValue));
    }
}
