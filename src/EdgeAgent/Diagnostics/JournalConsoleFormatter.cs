using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EdgeAgent.Diagnostics;

/// <summary>
/// One line an event, for the journal: it has the time, and takes the priority from the beginning of the line (sd-daemon(3)).
/// <code>line := "&lt;" priority "&gt;" part ": " message [ " " exception ]       priority of syslog(3): 7 debug, 6 info, 4 warning, 3 err, 2 crit</code>
/// </summary>
internal sealed class JournalConsoleFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "journal";

    // Of more than one line the journal would make more than one entry, and only the first would have the priority.
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) =>
        textWriter.Write($"<{Priority(logEntry.LogLevel)}>{LogText.Of(logEntry).ReplaceLineEndings(" ")}\n");

    private static int Priority(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => 7,
        LogLevel.Information => 6,
        LogLevel.Warning => 4,
        LogLevel.Error => 3,
        _ => 2,
    };
}
