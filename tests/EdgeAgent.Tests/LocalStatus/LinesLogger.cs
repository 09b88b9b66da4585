using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.LocalStatus;

/// <summary>Keeps what was logged, as text.</summary>
internal sealed class LinesLogger : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string[] Lines => [.. _lines];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(formatter(state, exception));
}
