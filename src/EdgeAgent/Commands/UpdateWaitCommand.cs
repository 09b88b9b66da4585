using System.CommandLine;
using EdgeAgent.Updates;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent update wait</c>: for other systems of updates, which want to know whether the new one works.</summary>
internal static class UpdateWaitCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        Option<string> root = UpdateOptions.Root();
        Option<TimeSpan> timeout = UpdateOptions.Timeout();
        var version = new Option<string?>("--version-is") { Description = "It has to be this version.", HelpName = "VERSION" };
        var command = new Command("wait", "Wait until the service has confirmed readings to the agent that runs: exit with 0 then, with 1 when the time is over.") { timeout, version, root };
        command.SetAction((parsed, cancellationToken) => CommandOutcome.RunAsync(parsed, async () =>
        {
            string socket = new UpdatePaths(parsed.GetRequiredValue(root)).StatusSocket;
            TimeSpan limit = parsed.GetValue(timeout);
            long since = TimeProvider.System.GetTimestamp();
            while (true)
            {
                AgentSighting? sighting = await AgentSighting.ReadAsync(socket, cancellationToken).ConfigureAwait(false);
                if (sighting is { IsReceipted: true } && (parsed.GetValue(version) ?? sighting.Version) == sighting.Version)
                {
                    parsed.InvocationConfiguration.Output.WriteLine($"Version {sighting.Version} runs, and the service has confirmed readings to it.");
                    return ExitCode.Success;
                }
                if (TimeProvider.System.GetElapsedTime(since) >= limit)
                {
                    return CommandOutcome.Fail(parsed, sighting is null
                        ? $"Nothing answers at {socket}. systemctl status edge-agent says whether the agent runs."
                        : $"Version {sighting.Version} runs, and {(sighting.IsReceipted ? "is not the one that was asked for" : "the service has confirmed nothing to it")}.");
                }
                await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
            }
        }));
        return command;
    }
}
