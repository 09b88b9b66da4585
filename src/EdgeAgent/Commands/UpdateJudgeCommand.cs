using System.CommandLine;
using EdgeAgent.Batching;
using EdgeAgent.Updates;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent update judge</c>: what edge-agent-update.service runs. Ends when no version is on trial any more.</summary>
internal static class UpdateJudgeCommand
{
    public static Command Create()
    {
        Option<string> root = UpdateOptions.Root();
        var command = new Command("judge", "Judge the version that is on trial. edge-agent-update.service runs this.") { root };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => CommandOutcome.RunAsync(parsed, async () =>
        {
            var judge = new UpdateJudge(
                new UpdatePaths(parsed.GetRequiredValue(root)), new Systemd(), TimeProvider.System, BootId.Current, parsed.InvocationConfiguration.Output.WriteLine);
            await judge.RunAsync(cancellationToken).ConfigureAwait(false);
            return ExitCode.Success;
        }));
        return command;
    }
}
