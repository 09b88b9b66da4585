using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class ProgressWatchdogTests
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly ProgressWatchdog _watchdog = new(Within);

    [Fact]
    public void Where_nothing_is_expected_no_time_is_over()
    {
        Assert.False(_watchdog.IsOver(TimeSpan.FromDays(1_000), TimeSpan.Zero));
        _watchdog.Expect(Minute);
        _watchdog.Rest();
        Assert.False(_watchdog.IsOver(TimeSpan.FromDays(1_000), TimeSpan.Zero));
        _watchdog.Advance(Minute);
        Assert.Equal(TimeSpan.MaxValue, _watchdog.Left(Minute, TimeSpan.FromDays(1_000), TimeSpan.Zero));
    }

    [Fact]
    public void The_time_counts_from_the_first_expectation_and_begins_anew_with_each_advance()
    {
        _watchdog.Expect(TimeSpan.Zero);
        _watchdog.Expect(Minute);
        Assert.Equal(Minute, _watchdog.Left(TimeSpan.Zero, Minute, TimeSpan.Zero));
        _watchdog.Advance(Minute);
        Assert.Equal(Within, _watchdog.Left(TimeSpan.Zero, Minute, TimeSpan.Zero));
        Assert.False(_watchdog.IsOver(Minute + Within - TimeSpan.FromTicks(1), TimeSpan.Zero));
        Assert.True(_watchdog.IsOver(Minute + Within, TimeSpan.Zero));
    }

    [Fact]
    public void A_session_that_begins_after_a_long_wait_has_the_whole_time()
    {
        _watchdog.Expect(TimeSpan.Zero);

        Assert.Equal(Within, _watchdog.Left(10 * Minute, 10 * Minute, TimeSpan.Zero));
        Assert.Equal(Within - Minute, _watchdog.Left(10 * Minute, 11 * Minute, TimeSpan.Zero));
        // The lane as a whole has made no progress all the same.
        Assert.True(_watchdog.IsOver(10 * Minute, TimeSpan.Zero));
    }

    [Fact]
    public void Bytes_that_a_slow_line_still_carries_have_their_time()
    {
        _watchdog.Expect(TimeSpan.Zero);
        Assert.False(_watchdog.IsOver(Within, Minute));
        Assert.True(_watchdog.IsOver(Within + Minute, Minute));
    }

    [Fact]
    public void Each_time_that_is_over_is_counted_once_until_something_is_acknowledged()
    {
        _watchdog.Expect(TimeSpan.Zero);
        for (int i = 1; i <= 5; i++)
        {
            Assert.True(_watchdog.IsOver(Within * i, TimeSpan.Zero));
            Assert.False(_watchdog.IsOver((Within * i) + Minute, TimeSpan.Zero));
            Assert.Equal(i, _watchdog.Fruitless);
        }
        _watchdog.Advance(Within * 6);
        Assert.Equal(0, _watchdog.Fruitless);
    }
}
