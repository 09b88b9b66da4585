using System.CommandLine;
using System.Runtime.InteropServices;
using EdgeAgent.Batching;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent config rollback</c>: leaves the present revision for the one before it, at once where the agent runs.</summary>
internal static partial class ConfigRollbackCommand
{
    private const int HangUp = 1; // SIGHUP

    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var command = new Command("rollback", "Go back to the revision before the present one, or to the device's own file where there is none.") { file };
        command.SetAction(parsed => CommandOutcome.Run(parsed, () =>
            ConfigLayers.TryRead(parsed, file, out ConfigLayers? layers) ? RollBack(parsed, layers) : ExitCode.Configuration));
        return command;
    }

    private static int RollBack(ParseResult parsed, ConfigLayers layers)
    {
        RevisionState state = layers.State;
        if (state.Good.IsNone)
        {
            return CommandOutcome.Fail(parsed, state.Trial.IsNone
                ? "There is no revision to go back from: the device's own file is in force."
                : $"Revision {state.Trial.Number} is on trial, and there is none before it. It goes back by itself, or at once when the agent is restarted.");
        }
        StepDown.ToOwnerOf(layers.Folder);
        RollbackRequest.Write(layers.Folder, state.Good.Number);
        string target = state.Previous.IsNone ? "the device's own file" : $"revision {state.Previous.Number}";
        string when = IsRunning(state.Run) && Signal(state.Run!.Process, HangUp) == 0 ? "The agent has been told" : "It takes effect when the agent starts";
        parsed.InvocationConfiguration.Output.WriteLine($"From revision {state.Good.Number} back to {target}. {when}.");
        return ExitCode.Success;
    }

    /// <summary>The number of a process comes again: only one that is an agent is told.</summary>
    private static bool IsRunning(RunRecord? run)
    {
        string commandLine = $"/proc/{run?.Process}/cmdline";
        return run is not null && run.End != RunEnd.InOrder && run.Boot == BootId.Current && File.Exists(commandLine)
            && File.ReadAllText(commandLine).Contains("edge-agent", StringComparison.Ordinal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
