using System.CommandLine;
using EdgeAgent.Configuration;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent config check</c> and <c>edge-agent config schema</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create() => new("config", "Look after the configuration.") { CreateCheck(), CreateSchema() };

    private static Command CreateCheck()
    {
        Option<string> file = ConfigurationOption.Create();
        var command = new Command("check", "Print everything that is wrong with the configuration; exit with 78 where something is.") { file };
        command.SetAction(parsed =>
        {
            if (!ConfigurationOption.TryRead(parsed, file, out AgentConfiguration? configuration))
            {
                return ExitCode.Configuration;
            }
            int sensors = configuration.I2cBuses.Sum(bus => bus.Sensors.Count);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"The configuration is sound: {configuration.Brokers.Count} MQTT brokers, {configuration.Intakes.Count} MQTT intakes, {sensors} I2C sensors.");
            return ExitCode.Success;
        });
        return command;
    }

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
