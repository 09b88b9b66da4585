using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EdgeAgent.Diagnostics;

/// <summary>
/// One line an event, for people at a terminal: time, level, the part that speaks, and the sentence. The library's own formatters add
/// event ids, which are generated here and tell nobody anything.
/// <code>line := HH:mm:ss.fff level part ": " message [ " " exception ]</code>
/// </summary>
internal sealed class PlainConsoleFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string part = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.Write($"{time.GetLocalNow():HH:mm:ss.fff} {Level(logEntry.LogLevel)} {part}: {message}");
        if (logEntry.Exception is { } exception)
        {
            // On one line, so that a log can be searched by line.
            textWriter.Write($" {exception.ToString().ReplaceLineEndings(" ")}");
        }
        textWriter.WriteLine();
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
