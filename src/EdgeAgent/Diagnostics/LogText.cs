using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Diagnostics;

/// <summary>How a line of the log is written, whatever stands before it.</summary>
internal static class LogText
{
    /// <summary><code>line := part ": " message [ " " exception ]       the exception on one line, so that a log can be searched by line</code></summary>
    public static string Of<TState>(in LogEntry<TState> entry)
    {
        string part = entry.Category[(entry.Category.LastIndexOf('.') + 1)..];
        string message = entry.Formatter(entry.State, entry.Exception);
        return entry.Exception is { } exception ? $"{part}: {message} {exception.ToString().ReplaceLineEndings(" ")}" : $"{part}: {message}";
    }
}
