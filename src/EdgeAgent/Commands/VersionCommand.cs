using System.CommandLine;
using EdgeAgent.Diagnostics;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent version</c>: what support asks for first.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Print the version of the agent, of .NET and of the machine.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(
            $"edge-agent {AgentVersion.Value}, .NET {Environment.Version}, {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}"));
        return command;
    }
}
