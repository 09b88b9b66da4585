using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Tests.Uplink.Budget;

public sealed class BudgetPeriodTests
{
    private const long Limit = 1_000_000;
    private static readonly PeriodRule Months = PeriodRule.Month(new BillingCalendar(TimeZoneInfo.Utc, 1));
    private static readonly DateTimeOffset April = DateTimeOffset.Parse("2027-04-01T00:00:00Z");
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void The_backlog_stops_at_its_share_and_finds_the_same_part_of_each_day_that_is_left()
    {
        var month = new BudgetPeriod(Limit, backlogShare: 50, Months, new PeriodState(April, TimeSpan.Zero, 0));
        long first = Drain();
        Assert.InRange(first, 500_000, 501_000);
        for (int day = 1; day < 30; day++)
        {
            Assert.InRange(month.UntilBacklog, TimeSpan.FromSeconds(1), Day);
            Assert.Equal(TimeSpan.Zero, month.UntilLive);
            month.Pass(Day, 0, April + (day * Day), unplaced: null);
            // 500,000 bytes in 30 days.
            Assert.InRange(Drain(), 15_600, 17_700);
        }
        Assert.InRange(month.Left!.Value, 15_000, 17_000);

        long Drain()
        {
            long sent = 0;
            for (; month.UntilBacklog == TimeSpan.Zero; sent += 1_000)
            {
                month.Pass(TimeSpan.Zero, 1_000, null, unplaced: null);
            }
            return sent;
        }
    }

    [Fact]
    public void The_backlog_waits_exactly_until_enough_is_free()
    {
        var month = new BudgetPeriod(Limit, backlogShare: 20, Months, new PeriodState(April, 3 * Day, 400_000));
        TimeSpan wait = month.UntilBacklog;
        month.Pass(wait - TimeSpan.FromSeconds(1), 0, null, unplaced: null);
        Assert.True(month.UntilBacklog > TimeSpan.Zero);
        month.Pass(TimeSpan.FromSeconds(2), 0, null, unplaced: null);

        Assert.Equal(TimeSpan.Zero, month.UntilBacklog);
    }

    [Fact]
    public void Live_data_waits_for_the_end_of_the_period_only_when_everything_is_used()
    {
        var month = new BudgetPeriod(Limit, 50, Months, new PeriodState(April, 12 * Day, Limit - 1));
        Assert.Equal(TimeSpan.Zero, month.UntilLive);
        month.Pass(TimeSpan.Zero, 1, null, unplaced: null);
        Assert.Equal((18 * Day, 18 * Day), (month.UntilLive, month.UntilBacklog));
        Assert.True(month.Pass(18 * Day, 0, April + (30 * Day), unplaced: null));

        Assert.Equal((TimeSpan.Zero, Limit), (month.UntilLive, month.Left));
    }

    [Fact]
    public void A_device_that_is_first_started_within_a_month_has_a_new_budget_when_the_next_one_begins()
    {
        var month = new BudgetPeriod(Limit, 50, Months, default);
        Assert.False(month.Pass(TimeSpan.FromMinutes(5), 700, null, unplaced: null));
        Assert.False(month.Pass(TimeSpan.FromMinutes(5), 300, April + (28 * Day), unplaced: 0));
        Assert.Equal(new PeriodState(April, 28 * Day, 1_000), month.State);

        Assert.True(month.Pass(2 * Day, 5, April + (30 * Day), unplaced: null));
        Assert.Equal(new PeriodState(April + (30 * Day), TimeSpan.Zero, 5), month.State);
    }

    [Fact]
    public void A_machine_that_was_off_believes_the_clock_when_it_is_known_again()
    {
        var month = new BudgetPeriod(Limit, 50, Months, new PeriodState(April, 2 * Day, Limit));
        Assert.True(month.Pass(TimeSpan.FromSeconds(1), 30, April + (40 * Day), unplaced: 700));

        // What passed before that, in a month that nobody knew, is in this one.
        Assert.Equal(new PeriodState(April + (30 * Day), 10 * Day, 730), month.State);
    }

    [Fact]
    public void Hours_in_which_the_machine_was_off_are_over_when_the_next_day_begins()
    {
        var day = new BudgetPeriod(Limit, 50, PeriodRule.Day(new BillingCalendar(TimeZoneInfo.Utc, 1)), new PeriodState(April, TimeSpan.FromHours(2), Limit));
        Assert.False(day.Pass(TimeSpan.Zero, 0, April.AddHours(20), unplaced: 0));
        Assert.Equal(TimeSpan.FromHours(4), day.Remaining);

        Assert.True(day.Pass(TimeSpan.FromHours(4), 0, April.AddHours(24), unplaced: null));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public void A_clock_that_jumps_by_years_grants_nothing_and_blocks_nobody_for_longer_than_32_days(int years)
    {
        DateTimeOffset jumped = April.AddYears(years);
        var month = new BudgetPeriod(Limit, 50, Months, new PeriodState(April, 5 * Day, Limit));
        Assert.False(month.Pass(TimeSpan.FromHours(1), 0, jumped, unplaced: null));
        Assert.False(month.Pass(TimeSpan.FromHours(1), 0, April + (5 * Day), unplaced: null));
        TimeSpan blocked = TimeSpan.Zero;
        while (!month.Pass(TimeSpan.FromHours(1), 0, jumped + blocked, unplaced: null))
        {
            blocked += TimeSpan.FromHours(1);
        }

        Assert.InRange(blocked, 20 * Day, 32 * Day);
        Assert.Equal(Limit, month.Left);
    }

    [Fact]
    public void Where_the_time_is_never_known_a_period_is_the_longest_one()
    {
        var month = new BudgetPeriod(Limit, 50, Months, new PeriodState(null, TimeSpan.Zero, Limit));
        for (int hour = 1; hour < 32 * 24; hour++)
        {
            Assert.False(month.Pass(TimeSpan.FromHours(1), 0, null, unplaced: null));
        }

        Assert.True(month.Pass(TimeSpan.FromHours(1), 0, null, unplaced: null));
    }
}
