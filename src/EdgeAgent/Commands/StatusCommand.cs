using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.LocalStatus;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent status</c>: how the agent that runs on this device does. What is wrong comes first.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var socket = new Option<string?>("--socket") { Description = "The agent's socket, instead of the one that the configuration names.", HelpName = "FILE" };
        var watch = new Option<bool>("--watch", "-w") { Description = "Show it anew each second, until q or Ctrl-C." };
        var json = new Option<bool>("--json") { Description = "Print JSON; with --watch a line each second." };
        var command = new Command("status", "Show how the agent does that runs on this device. Exit code 0: all is well; 1: something needs attention; 69: it does not run.")
        {
            file, socket, watch, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(socket) ?? StatusClient.SocketOf(ReadAnyhow(parsed.GetRequiredValue(file)));
            StatusScreen screen = StatusScreen.Of(parsed.InvocationConfiguration.Output, parsed.GetValue(json));
            return parsed.GetValue(watch)
                ? await new StatusWatch(path, screen).RunAsync(cancellationToken).ConfigureAwait(false)
                : await ShowAsync(parsed, path, screen, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>Asks once.</summary>
    /// <returns>The answer, or in a sentence why there is none, and with what the command ends.</returns>
    public static async Task<(JsonDocument? Status, string Obstacle, int ExitCode)> AskAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            JsonDocument status = await StatusClient.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            return (status, "", StatusText.NeedsAttention(status.RootElement) ? ExitCode.Failure : ExitCode.Success);
        }
        catch (HttpRequestException denied) when (denied.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            return (null, $"You may not ask the agent at {path}. Run it as root, or as a member of the group of that file (sudo edge-agent status).", ExitCode.Failure);
        }
        catch (HttpRequestException nobody) when (nobody.InnerException is SocketException or null or ArgumentException)
        {
            return (null,
                $"The agent does not run: nobody answers at {path}.\nStart it:  sudo systemctl start edge-agent\nSee why:   journalctl -u edge-agent -n 50", ExitCode.Unavailable);
        }
        catch (Exception strange) when (strange is HttpRequestException or TimeoutException or JsonException)
        {
            return (null, $"The agent at {path} does not answer as it should: {strange.Message} Look at its log: journalctl -u edge-agent -n 50", ExitCode.Failure);
        }
    }

    private static async Task<int> ShowAsync(ParseResult parsed, string path, StatusScreen screen, CancellationToken cancellationToken)
    {
        (JsonDocument? status, string obstacle, int exitCode) = await AskAsync(path, cancellationToken).ConfigureAwait(false);
        if (status is null)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(obstacle).ConfigureAwait(false);
            return exitCode;
        }
        using (status)
        {
            parsed.InvocationConfiguration.Output.Write(screen.Show(status.RootElement));
        }
        return exitCode;
    }

    private static AgentConfiguration? ReadAnyhow(string file)
    {
        try
        {
            string full = Path.GetFullPath(file);
            return AgentConfigurationReader.Read(File.ReadAllBytes(full), new ConfigReading(file, Path.GetDirectoryName(full) ?? "/"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
