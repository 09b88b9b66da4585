using EdgeAgent.Diagnostics.Limits;
using EdgeAgent.Testing;
using EdgeAgent.Tests.LocalStatus;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Diagnostics;

public sealed partial class LogLimitsTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly LinesLogger _lines = new();
    private readonly LogLimits _limits;
    private readonly ILogger _logger;

    public LogLimitsTests()
    {
        _limits = new LogLimits(_time);
        _logger = new LimitedLogger(_lines, "EdgeAgent.Sensors", _limits);
    }

    public void Dispose() => _limits.Dispose();

    [Fact]
    public void A_sensor_that_fails_for_a_day_writes_a_line_a_minute_and_every_failure_is_counted()
    {
        const int Seconds = 24 * 3600;
        for (int second = 0; second < Seconds; second++)
        {
            Failed(_logger, "cabinet", second);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        _time.Advance(2 * LogLimits.Period);
        Assert.InRange(_lines.Lines.Length, 24 * 60, (24 * 60) + LogLimits.SubjectBurst + 1);
        Assert.Equal(Seconds, Told());
    }

    [Fact]
    public void The_first_lines_are_whole_and_the_next_one_says_how_many_were_left_out()
    {
        for (int i = 0; i < LogLimits.SubjectBurst + 5; i++)
        {
            Failed(_logger, "cabinet", i);
        }
        Assert.Equal(LogLimits.SubjectBurst, _lines.Lines.Length);
        _time.Advance(LogLimits.Period - TimeSpan.FromSeconds(1));
        Failed(_logger, "cabinet", 77);
        Assert.Equal(LogLimits.SubjectBurst, _lines.Lines.Length);
        _time.Advance(TimeSpan.FromSeconds(1));
        Failed(_logger, "cabinet", 78);
        Assert.Equal("The sensor cabinet failed: 78. And 6 more like it since the one before.", _lines.Lines[^1]);
    }

    [Fact]
    public void What_was_left_out_last_is_told_even_if_nothing_follows()
    {
        for (int i = 0; i < LogLimits.SubjectBurst + 3; i++)
        {
            Failed(_logger, "cabinet", i);
        }
        _time.Advance(3 * LogLimits.Period);
        Assert.Equal("3 more lines like this were left out about cabinet: The sensor {Sensor} failed: {Number}.", _lines.Lines[^1]);
        int lines = _lines.Lines.Length;
        _time.Advance(10 * LogLimits.Period);
        Assert.Equal(lines, _lines.Lines.Length);
    }

    [Fact]
    public void One_sensor_does_not_silence_another_or_another_sentence()
    {
        for (int i = 0; i < 10_000; i++)
        {
            Failed(_logger, "cabinet", i);
        }
        Failed(_logger, "hall", 1);
        Assert.Equal("The sensor hall failed: 1.", _lines.Lines[^1]);
        Back(_logger, "cabinet");
        Assert.Equal("The sensor cabinet is back.", _lines.Lines[^1]);
    }

    [Fact]
    public void A_thousand_sensors_that_fail_at_once_do_not_fill_the_card_either()
    {
        for (int minute = 0; minute < 60; minute++)
        {
            for (int sensor = 0; sensor < 1_000; sensor++)
            {
                Failed(_logger, $"s{sensor}", minute);
            }
            _time.Advance(LogLimits.Period);
        }
        _time.Advance(3 * LogLimits.Period);
        // The burst, ten a minute, and one for those that are silent since.
        Assert.InRange(_lines.Lines.Length, LogLimits.PlaceBurst, LogLimits.PlaceBurst + (63 * (LogLimits.PlacePerPeriod + 1)));
        Assert.Equal(60_000, Told());
    }

    [Fact]
    public void Who_asks_for_more_gets_ten_times_as_much()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Detail(_logger, "cabinet", i);
        }
        Assert.Equal(10 * LogLimits.SubjectBurst, _lines.Lines.Length);
    }

    [Fact]
    public void A_line_that_is_left_out_makes_no_text()
    {
        for (int i = 0; i < LogLimits.SubjectBurst; i++)
        {
            Failed(_logger, "cabinet", i);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            Failed(_logger, "cabinet", i);
        }
        // The state is boxed, and its values: no more.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000 * 200);
    }

    /// <summary>Lines, and those that they say were left out.</summary>
    private long Told() => _lines.Lines.Sum(line =>
        line.Contains("And ", StringComparison.Ordinal) ? 1 + Number(line[(line.IndexOf("And ", StringComparison.Ordinal) + 4)..])
        : line.Contains("more lines like this", StringComparison.Ordinal) ? Number(line) : 1);

    private static long Number(string text) => long.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Warning, "The sensor {Sensor} failed: {Number}.")]
    private static partial void Failed(ILogger logger, string sensor, int number);

    [LoggerMessage(LogLevel.Information, "The sensor {Sensor} is back.")]
    private static partial void Back(ILogger logger, string sensor);

    [LoggerMessage(LogLevel.Debug, "The sensor {Sensor} says {Number}.")]
    private static partial void Detail(ILogger logger, string sensor, int number);
}
