using EdgeAgent.Testing;
using Grpc.Net.Protocol;

namespace Grpc.Polyfill.Tests.Internals;

public sealed class DeadlineTimerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(39)]
    [InlineData(40)]
    [InlineData(200)]
    public void It_fires_once_after_its_time_however_long_that_is(int days)
    {
        var clock = new ManualTimeProvider();
        int fired = 0;
        using var timer = new DeadlineTimer(clock, TimeSpan.FromDays(days), () => fired++);

        clock.Advance(TimeSpan.FromDays(days) - TimeSpan.FromTicks(1));
        Assert.Equal(0, fired);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, fired);
        clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void It_does_not_fire_after_dispose()
    {
        var clock = new ManualTimeProvider();
        int fired = 0;
        var timer = new DeadlineTimer(clock, TimeSpan.FromDays(50), () => fired++);

        clock.Advance(TimeSpan.FromDays(45));
        timer.Dispose();
        clock.Advance(TimeSpan.FromDays(45));

        Assert.Equal(0, fired);
    }
}
