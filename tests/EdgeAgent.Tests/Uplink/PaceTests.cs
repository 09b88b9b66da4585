using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class PaceTests
{
    [Fact]
    public void Without_a_limit_nothing_waits() => Assert.Equal(TimeSpan.Zero, new Pace().Take(TimeSpan.Zero, int.MaxValue));

    [Fact]
    public void Over_any_time_no_more_passes_than_the_rate_and_one_second_of_it()
    {
        var pace = new Pace();
        pace.Limit(1_000);
        TimeSpan now = TimeSpan.FromHours(1);
        TimeSpan start = now;
        int sent = 0;
        while (now - start < TimeSpan.FromSeconds(10))
        {
            now += pace.Take(now, 100);
            sent += 100;
        }

        Assert.InRange(sent, 10_000, 11_200);
    }

    [Fact]
    public void A_message_larger_than_a_second_of_the_rate_passes_all_the_same()
    {
        var pace = new Pace();
        pace.Limit(10);

        Assert.Equal(TimeSpan.FromSeconds(99), pace.Take(TimeSpan.FromHours(1), 1_000));
    }
}
