using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class DrainForecastTests
{
    private readonly DrainForecast _forecast = new(TimeSpan.FromSeconds(30));
    private TimeSpan _now;

    [Fact]
    public void What_becomes_less_is_empty_when_what_is_left_is_gone_at_that_rate_and_what_is_added_counts()
    {
        long left = 1_000_000;
        for (int second = 0; second < 60; second++)
        {
            Observe(left += 400 - 1_400);
        }
        Assert.Equal(1_000, _forecast.BytesPerSecond, 0.001);
        Assert.Equal(left / 1_000d, _forecast.EmptyIn!.Value.TotalSeconds, 0.001);
    }

    [Fact]
    public void What_stays_or_grows_has_no_end_and_what_is_empty_needs_none()
    {
        Observe(1_000);
        Assert.Null(_forecast.EmptyIn);
        Observe(1_000);
        Assert.Null(_forecast.EmptyIn);
        Observe(2_000);
        Assert.Null(_forecast.EmptyIn);
        Observe(0);
        Assert.Null(_forecast.EmptyIn);
    }

    [Fact]
    public void An_end_is_known_soon_after_the_line_is_back()
    {
        for (int second = 0; second < 600; second++)
        {
            Observe(1_000_000 + (second * 100));
        }
        for (int second = 1; second <= 20; second++)
        {
            Observe(1_060_000 - (second * 10_000));
        }
        Assert.InRange(_forecast.EmptyIn!.Value.TotalSeconds, 86, 300);
    }

    private void Observe(long bytes) => _forecast.Observe(_now += TimeSpan.FromSeconds(1), bytes);
}
