using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class RequestedWaitTests
{
    private static readonly TimeSpan Now = TimeSpan.FromDays(100);
    private static readonly TimeSpan Asked = TimeSpan.FromSeconds(40);

    [Fact]
    public void What_is_asked_is_the_least_and_a_fleet_that_was_asked_the_same_spreads_over_a_quarter_more()
    {
        double[] waits = [.. Enumerable.Range(0, 1_000).Select(seed =>
        {
            var wait = new RequestedWait(new Random(seed));
            wait.Ask(Now, Asked);
            return wait.Left(Now).TotalSeconds;
        })];

        Assert.All(waits, wait => Assert.InRange(wait, 40, 50));
        for (int tenth = 0; tenth < 10; tenth++)
        {
            Assert.InRange(waits.Count(wait => wait >= 40 + tenth && wait < 41 + tenth), 50, 150);
        }
    }

    [Fact]
    public void A_receipt_that_asks_nothing_does_not_take_an_earlier_wait_back()
    {
        var wait = new RequestedWait(new Random(1));
        Assert.True(wait.AskStart(Now, Asked));
        wait.Ask(Now, TimeSpan.Zero);

        Assert.True(wait.Left(Now) >= Asked);
    }

    [Fact]
    public void The_start_is_waited_for_once_for_each_loss_of_a_connection_over_which_data_flowed()
    {
        var wait = new RequestedWait(new Random(1));
        Assert.False(wait.AskStart(Now, TimeSpan.Zero));
        Assert.True(wait.AskStart(Now, Asked));
        Assert.False(wait.AskStart(Now, Asked));
        wait.OnFlow();
        Assert.False(wait.AskStart(Now, Asked));
        wait.OnLost();
        Assert.True(wait.AskStart(Now, Asked));
    }

    [Fact]
    public void A_failure_while_the_start_is_waited_for_neither_forgets_nor_prolongs_it()
    {
        var wait = new RequestedWait(new Random(1));
        wait.OnFlow();
        Assert.True(wait.AskStart(Now, Asked));
        TimeSpan left = wait.Left(Now);
        wait.OnLost();

        Assert.False(wait.AskStart(Now + TimeSpan.FromSeconds(30), Asked));
        Assert.Equal(left, wait.Left(Now));
    }

    [Fact]
    public void No_service_can_ask_for_more_than_a_day() => Assert.Equal(TimeSpan.FromDays(1), RequestedWait.Bounded(ulong.MaxValue));
}
