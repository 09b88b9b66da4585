using EdgeAgent.Diagnostics;
using EdgeAgent.Testing;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Diagnostics;

public sealed class LogTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void The_last_lines_are_kept_in_order_and_long_ones_are_cut()
    {
        using var ring = new LogRing(_time);
        ILogger logger = ring.CreateLogger("EdgeAgent.Uplink.Uploader");
        for (int i = 0; i < LogRing.Capacity + 5; i++)
        {
            Write(logger, $"line {i}");
        }
        Write(logger, new string('x', 10 * LogRing.LongestLine));
        Assert.Equal(LogRing.Capacity, ring.Last(int.MaxValue).Length);
        LoggedLine[] last = ring.Last(3);
        Assert.Equal(["line 303", "line 304"], last[..2].Select(line => line.Text));
        Assert.Equal(LogRing.LongestLine + 1, last[2].Text.Length);
        Assert.All(last, line => Assert.Equal("Uploader", line.Part));
        Assert.Empty(ring.Last(0));
    }

    [Fact]
    public void A_raised_level_ends_by_itself_and_never_logs_less_than_the_configuration()
    {
        var levels = new LogLevels(LogLevel.Information, _time);
        Assert.False(levels.IsWanted(LogLevel.Debug));
        levels.Raise(LogLevel.Debug, TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.True(levels.IsWanted(LogLevel.Debug));
        Assert.False(levels.IsWanted(LogLevel.Trace));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(levels.IsWanted(LogLevel.Debug));

        levels.Raise(LogLevel.Error, TimeSpan.FromMinutes(10));
        Assert.True(levels.IsWanted(LogLevel.Information));
    }

    private static void Write(ILogger logger, string text) => logger.Log(LogLevel.Information, default, text, null, static (state, _) => state);
}
