using EdgeAgent.Spooling;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class SendOrderTests
{
    private readonly SendOrder _order = new();

    [Fact]
    public void Without_a_limit_nothing_has_to_be_paid_for()
    {
        _order.Begin(SpoolLane.Backlog, int.MaxValue, TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, _order.UntilPaid(SpoolLane.Backlog, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(SpoolLane.Alarm, SpoolLane.Live)]
    [InlineData(SpoolLane.Alarm, SpoolLane.Backlog)]
    [InlineData(SpoolLane.Live, SpoolLane.Backlog)]
    public void While_a_lane_waits_or_sends_none_behind_it_begins(SpoolLane first, SpoolLane behind)
    {
        Assert.False(_order.IsBehind(behind));
        _order.Ask(first);
        Assert.True(_order.IsBehind(behind));
        Assert.False(_order.IsBehind(first));
        _order.Withdraw(first);
        _order.Begin(first, 1, TimeSpan.Zero);
        Assert.True(_order.IsBehind(behind));
        _order.End(first);
        Assert.False(_order.IsBehind(behind));
        // And never the other way round.
        _order.Ask(behind);
        _order.Begin(behind, 1, TimeSpan.Zero);
        Assert.False(_order.IsBehind(first));
    }

    [Fact]
    public void Live_data_never_pays_for_the_backlog_and_the_backlog_pays_for_everything()
    {
        _order.Limit(1_000);
        TimeSpan now = TimeSpan.FromSeconds(10);
        _order.Begin(SpoolLane.Backlog, 5_000, now);
        Assert.Equal(TimeSpan.Zero, _order.UntilPaid(SpoolLane.Live, now));
        Assert.Equal(TimeSpan.FromMilliseconds(4_950), _order.UntilPaid(SpoolLane.Backlog, now));
        _order.Begin(SpoolLane.Live, 3_000, now);
        Assert.Equal(TimeSpan.FromSeconds(2), _order.UntilPaid(SpoolLane.Live, now));
        Assert.Equal(TimeSpan.FromMilliseconds(7_950), _order.UntilPaid(SpoolLane.Backlog, now));
        Assert.Equal(TimeSpan.Zero, _order.UntilPaid(SpoolLane.Alarm, now));
    }

    [Fact]
    public void Over_time_all_lanes_together_send_no_more_than_the_rate()
    {
        _order.Limit(10_000);
        TimeSpan now = TimeSpan.Zero;
        long sent = 0;
        TimeSpan nextLive = TimeSpan.Zero;
        while (now < TimeSpan.FromSeconds(100))
        {
            if (now >= nextLive)
            {
                _order.Begin(SpoolLane.Live, 700, now);
                sent += 700;
                nextLive += TimeSpan.FromMilliseconds(100);
            }
            else if (_order.UntilPaid(SpoolLane.Backlog, now) == TimeSpan.Zero)
            {
                _order.Begin(SpoolLane.Backlog, 400, now);
                sent += 400;
            }
            now += TimeSpan.FromMilliseconds(1);
        }
        // The whole line is used, and what may be ahead is a second of it.
        Assert.InRange(sent, 990_000, 1_011_000);
    }
}
