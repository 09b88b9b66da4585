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
            if (!ConfigurationOption.TryRead(parsed, file, out AgentConfiguration? configuration))
            {
                return ExitCode.Configuration;
            }
            await using AgentHost host = AgentHost.Create(configuration, logging: AddConsole);
            await host.RunAsync(cancellationToken).ConfigureAwait(false);
            return host.IsRestartWished ? ExitCode.Restart : ExitCode.Success;
        });
        return command;
    }

    private static void AddConsole(ILoggingBuilder logging)
    {
        // Set by systemd where the output goes to the journal, which has the time and wants the level as a prefix.
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null)
        {
            logging.AddSystemdConsole();
        }
        else
        {
            logging.AddConsole(console => console.FormatterName = PlainConsoleFormatter.FormatterName);
            logging.Services.AddSingleton<ConsoleFormatter, PlainConsoleFormatter>();
        }
    }
}
