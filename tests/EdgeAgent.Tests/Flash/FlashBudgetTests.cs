using EdgeAgent.Flash;

namespace EdgeAgent.Tests.Flash;

public sealed class FlashBudgetTests
{
    private const long MiB = 1024 * 1024;
    private const long Page = 4096;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Somebody waits for a commit all the time, or now and then; the agent is restarted in order every few days.</summary>
    [Theory]
    [InlineData(64 * MiB, 100, 0.005)]
    [InlineData(64 * MiB, 200, 60)]
    [InlineData(16 * MiB, 20, 1)]
    [InlineData(512 * MiB, 5_000, 2)]
    public void A_year_of_days_stays_within_the_budget(long budgeted, int payloadPerSecond, double secondsBetweenCommits)
    {
        var random = new Random(1);
        var longestWait = TimeSpan.FromMinutes(10);
        var budget = new FlashBudget(budgeted, longestWait, default, TimeSpan.Zero);
        long[] days = new long[366];
        TimeSpan now = TimeSpan.Zero, last = TimeSpan.Zero;
        while (now < 365 * Day)
        {
            now += TimeSpan.FromSeconds(secondsBetweenCommits * 2 * random.NextDouble()) + TimeSpan.FromMilliseconds(1);
            now = now < budget.MayCommitAt ? budget.MayCommitAt : now;
            // The page that is begun is written again with each commit. Every few days a file is filled with zeros.
            long payload = (long)((now - last).TotalSeconds * payloadPerSecond);
            long written = ((payload / Page) + 1 + random.Next(2)) * Page;
            written += random.Next(20_000) == 0 ? budgeted / 64 : 0;
            budget.Committed(now, written);
            days[(int)(now / Day)] += written;
            last = now;
            if (random.Next(50_000) == 0)
            {
                budget = new FlashBudget(budgeted, longestWait, budget.Day, now);
            }
        }

        Assert.All(days, written => Assert.InRange(written, 0, budgeted));
        // And it is used where there is use for it.
        Assert.True(secondsBetweenCommits > 10 || days.Take(365).Average() > 0.8 * budgeted);
    }

    [Fact]
    public void A_device_that_writes_less_than_its_share_never_waits()
    {
        var budget = new FlashBudget(64 * MiB, TimeSpan.FromMinutes(1), default, TimeSpan.Zero);
        for (TimeSpan now = TimeSpan.Zero; now < 3 * Day; now += TimeSpan.FromMinutes(1))
        {
            Assert.True(budget.MayCommitAt <= now);
            budget.Committed(now, 3 * Page);
        }
    }

    [Fact]
    public void Nobody_waits_longer_than_the_longest_wait_and_what_that_costs_is_shown()
    {
        var second = TimeSpan.FromSeconds(1);
        var budget = new FlashBudget(4 * MiB, second, default, TimeSpan.Zero);
        TimeSpan now = TimeSpan.Zero;
        for (int commit = 0; commit < 1_000; commit++)
        {
            Assert.InRange(budget.MayCommitAt, TimeSpan.Zero, now + second);
            now += second;
            budget.Committed(now, 2 * Page);
        }

        Assert.Equal((4 * MiB) - (1_000 * 2 * Page), budget.Left);
    }

    [Fact]
    public void A_restart_goes_on_in_the_same_day()
    {
        var used = new FlashDay(TimeSpan.FromHours(12), 60 * MiB);
        var budget = new FlashBudget(64 * MiB, TimeSpan.FromHours(1), used, TimeSpan.FromSeconds(5));
        budget.Committed(TimeSpan.FromSeconds(5), 0);

        Assert.Equal(4 * MiB, budget.Left);
        // As much as is gone is due only toward the end of the day, and the longest wait is over before.
        Assert.Equal(TimeSpan.FromSeconds(5) + TimeSpan.FromHours(1), budget.MayCommitAt);
    }
}
