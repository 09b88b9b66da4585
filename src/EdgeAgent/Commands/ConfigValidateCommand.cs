using System.CommandLine;
using EdgeAgent.Configuration;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent config validate</c>: the device's own file, or a revision over it; and <c>config check</c>, its older name.</summary>
internal static class ConfigValidateCommand
{
    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var revision = new Argument<string?>("FILE")
        {
            Description = "A revision, as the cloud would send it. Without it the device's own file is looked at.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("validate", "Print everything that is wrong with a configuration; exit with 78 where something is.") { file, revision };
        command.SetAction(parsed => parsed.GetValue(revision) is { } path
            ? CommandOutcome.Run(parsed, () => CheckRevision(parsed, file, path))
            : CheckOwn(parsed, file));
        return command;
    }

    public static Command CreateCheck()
    {
        Option<string> file = ConfigurationOption.Create();
        var command = new Command("check", "Print everything that is wrong with the configuration; exit with 78 where something is.") { file };
        command.SetAction(parsed => CheckOwn(parsed, file));
        return command;
    }

    private static int CheckOwn(ParseResult parsed, Option<string> file)
    {
        if (!ConfigurationOption.TryRead(parsed, file, out AgentConfiguration? configuration))
        {
            return ExitCode.Configuration;
        }
        Praise(parsed, configuration);
        return ExitCode.Success;
    }

    /// <summary>As one that may change where the cloud is: whether it does is said, because it then has to be pushed with --bootstrap.</summary>
    private static int CheckRevision(ParseResult parsed, Option<string> file, string path)
    {
        if (!ConfigLayers.TryRead(parsed, file, out ConfigLayers? layers))
        {
            return ExitCode.Configuration;
        }
        byte[] document = File.ReadAllBytes(path);
        var header = new RevisionHeader(layers.State.Known + 1, RevisionHeader.HashOf(document), "", 0, MayChangeBootstrap: true);
        Layered running = layers.Running();
        if (!Layered.TryMerge(layers.Own, new Revision(header, document), running, out Layered? layered, out IReadOnlyList<RevisionError> errors))
        {
            foreach (RevisionError error in errors)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"{path}: {error}");
            }
            return ExitCode.Configuration;
        }
        Praise(parsed, layered.Configuration);
        if (Bootstrap.Differences(running.Merged, layered.Merged) is { Count: > 0 } changed)
        {
            parsed.InvocationConfiguration.Output.WriteLine($"It changes where the cloud is ({string.Join(", ", changed)}): push it with --bootstrap.");
        }
        return ExitCode.Success;
    }

    private static void Praise(ParseResult parsed, AgentConfiguration configuration)
    {
        int sensors = configuration.I2cBuses.Sum(bus => bus.Sensors.Count);
        parsed.InvocationConfiguration.Output.WriteLine(
            $"The configuration is sound: {configuration.Brokers.Count} MQTT brokers, {configuration.Intakes.Count} MQTT intakes, {sensors} I2C sensors.");
    }
}
