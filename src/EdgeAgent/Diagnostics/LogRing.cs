using EdgeAgent.Sensors;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Diagnostics;

/// <summary>What was logged.</summary>
/// <param name="UnixNanoseconds">When, by the wall clock.</param>
/// <param name="Level">How severe.</param>
/// <param name="Part">The type that speaks.</param>
/// <param name="Text">The sentence, and an exception behind it.</param>
internal readonly record struct LoggedLine(long UnixNanoseconds, LogLevel Level, string Part, string Text);

/// <summary>
/// The last lines of the log, in memory alone: for questions from afar, at no cost of flash. The journal has all of them, for whoever stands before the device.
/// </summary>
internal sealed class LogRing(TimeProvider time) : ILoggerProvider
{
    /// <summary>A quiet week, or a minute of trouble: with whole lines 300 KB.</summary>
    public const int Capacity = 300;

    /// <summary>Where a line is cut, in characters: a sentence fits in, a stack trace's beginning too.</summary>
    public const int LongestLine = 500;

    private readonly Lock _gate = new();
    private readonly LoggedLine[] _lines = new LoggedLine[Capacity];
    private long _written;

    /// <summary>The newest last.</summary>
    public LoggedLine[] Last(int most)
    {
        lock (_gate)
        {
            int count = (int)Math.Min(_written, Math.Clamp(most, 0, Capacity));
            var last = new LoggedLine[count];
            for (int i = 0; i < count; i++)
            {
                last[i] = _lines[(_written - count + i) % Capacity];
            }
            return last;
        }
    }

    public ILogger CreateLogger(string categoryName) => new Part(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string part, string text)
    {
        var line = new LoggedLine(UnixTime.Nanoseconds(time.GetUtcNow()), level, part, text.Length > LongestLine ? text[..LongestLine] + "…" : text);
        lock (_gate)
        {
            _lines[_written++ % Capacity] = line;
        }
    }

    private sealed class Part(LogRing ring, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string text = formatter(state, exception);
            ring.Add(logLevel, name, exception is null ? text : $"{text} {exception.ToString().ReplaceLineEndings(" ")}");
        }
    }
}
