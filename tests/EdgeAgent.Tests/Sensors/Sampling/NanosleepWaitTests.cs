using System.Diagnostics;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Sampling;

public sealed class NanosleepWaitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, false)]
    [InlineData(15, true)]
    [InlineData(45, false)]
    public void It_is_never_back_early_where_nobody_wakes_it(int milliseconds, bool isWakeable)
    {
        Assert.True(OperatingSystem.IsLinux());
        using var wait = new NanosleepWait();
        long due = Now() + (milliseconds * 1_000_000);

        wait.Until(due, isWakeable);

        Assert.True(Now() >= due - 100);
    }

    [Theory]
    [InlineData(long.MaxValue, false)]
    [InlineData(long.MaxValue / 2, false)]
    [InlineData(long.MaxValue / 2, true)]
    public void Being_woken_ends_a_long_wait(long due, bool isWakeable)
    {
        using var wait = new NanosleepWait();
        var waiting = new Thread(() => wait.Until(due, isWakeable)) { IsBackground = true };
        waiting.Start();

        wait.Wake();

        Assert.True(waiting.Join(Patience));
    }

    /// <summary>In units of 100 ns, as the sampler has it.</summary>
    private static long Now() => Stopwatch.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;
}
