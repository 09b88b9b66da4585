using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class BackoffTests
{
    [Fact]
    public void The_bound_doubles_from_the_first_step_to_the_last_and_stays_there()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), new Highest());

        Assert.Equal([1, 2, 4, 8, 10, 10], Enumerable.Range(0, 6).Select(_ => Math.Round(backoff.Next().TotalSeconds)));
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(backoff.Next() <= TimeSpan.FromSeconds(10));
        }
        backoff.Reset();
        Assert.Equal(1, Math.Round(backoff.Next().TotalSeconds));
    }

    [Fact]
    public void A_fleet_that_lost_its_cloud_in_one_moment_comes_back_evenly_from_the_first_step_on()
    {
        double[] waits = [.. Enumerable.Range(0, 1_000).Select(seed =>
            new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), new Random(seed)).Next().TotalSeconds)];

        for (int tenth = 0; tenth < 10; tenth++)
        {
            Assert.InRange(waits.Count(wait => wait >= tenth / 10.0 && wait < (tenth + 1) / 10.0), 50, 150);
        }
    }

    [Fact]
    public void What_does_not_pass_by_itself_is_asked_again_between_half_the_last_step_and_all_of_it()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(100), new Random(1));
        for (int i = 0; i < 100; i++)
        {
            Assert.InRange(backoff.Slow(), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(100));
        }
    }

    private sealed class Highest : Random
    {
        public override double NextDouble() => 0.999999;
    }
}
