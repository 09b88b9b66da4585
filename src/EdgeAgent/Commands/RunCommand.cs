using System.CommandLine;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent run</c>: the agent itself, until SIGTERM or SIGINT.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var command = new Command("run", "Run the agent until it is told to stop.") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using AgentProcess? agent = AgentProcess.Create(parsed.GetRequiredValue(file), out IReadOnlyList<ConfigError> errors, logging: AddConsole);
            if (agent is null)
            {
                ConfigurationOption.Print(parsed, errors);
                return ExitCode.Configuration;
            }
            return await agent.RunAsync(cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static void AddConsole(ILoggingBuilder logging)
    {
        // Set by systemd where the output goes to the journal, which has the time and wants the level as a prefix.
        bool isJournal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null;
        logging.AddConsole(console =>
        {
            console.FormatterName = isJournal ? JournalConsoleFormatter.FormatterName : PlainConsoleFormatter.FormatterName;
            // A journal that hangs must not hold the readings: what does not fit in the queue is left out, and counted in the log.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        logging.Services.AddSingleton<ConsoleFormatter, PlainConsoleFormatter>().AddSingleton<ConsoleFormatter, JournalConsoleFormatter>();
    }
}
