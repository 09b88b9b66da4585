using Microsoft.Extensions.Logging;

namespace EdgeAgent.Diagnostics.Limits;

/// <summary>Passes on as much of the same as <see cref="LogLimits"/> allows.</summary>
internal sealed class LimitedLogger(ILogger inner, string category, LogLimits limits) : ILogger
{
    private const string Template = "{OriginalFormat}"; // how Microsoft.Extensions.Logging names the sentence with its gaps

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
        {
            return;
        }
        (string about, string? template) = Describe(state);
        if (!limits.Of(category, eventId, logLevel, inner).TryPass(about, template, out long leftOut))
        {
            return;
        }
        if (leftOut == 0)
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        else
        {
            inner.Log(logLevel, eventId, (state, formatter, leftOut), exception, static (line, failure) =>
                $"{line.formatter(line.state, failure)} And {line.leftOut} more like it since the one before.");
        }
    }

    /// <summary>What it is about, and the sentence itself. Its state is boxed for that; no text is made of it.</summary>
    private static (string About, string? Template) Describe<TState>(TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 and var count } values)
        {
            return ("", null);
        }
        return (count > 1 ? values[0].Value as string ?? "" : "", values[count - 1] is { Key: Template, Value: string template } ? template : null);
    }
}
