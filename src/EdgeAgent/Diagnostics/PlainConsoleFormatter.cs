using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EdgeAgent.Diagnostics;

/// <summary>
/// One line an event, for people at a terminal: time, level, the part that speaks, and the sentence. The library's own formatters add
/// event ids, which are generated here and tell nobody anything.
/// <code>line := HH:mm:ss.fff level LogText</code>
/// </summary>
internal sealed class PlainConsoleFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) =>
        textWriter.WriteLine($"{time.GetLocalNow():HH:mm:ss.fff} {Level(logEntry.LogLevel)} {LogText.Of(logEntry)}");

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
