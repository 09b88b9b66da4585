using EdgeAgent.Commands;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Commands;

/// <summary>edge-agent, in this process.</summary>
internal static class AgentProgram
{
    public static (int ExitCode, string Output, string Error) Run(params string[] arguments) => CommandLine.Run(typeof(AgentHost).Assembly, arguments);
}
