using System.CommandLine;
using EdgeAgent.Configuration;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent config</c>: what the agent is told, by whom, and what became of it.</summary>
internal static class ConfigCommand
{
    public static Command Create() => new("config", "Look after the configuration.")
    {
        ConfigShowCommand.Create(),
        ConfigValidateCommand.Create(),
        ConfigValidateCommand.CreateCheck(),
        ConfigDiffCommand.Create(),
        ConfigHistoryCommand.Create(),
        ConfigRollbackCommand.Create(),
        CreateSchema(),
    };

    private static Command CreateSchema()
    {
        var command = new Command("schema", "Print the JSON schema of the configuration, for editors.");
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.Write(ConfigSchema.Read());
            return ExitCode.Success;
        });
        return command;
    }
}
