using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Configuration;

namespace EdgeAgent.Commands;

/// <summary>The option --config, and what every command that has it does with a configuration that is wrong.</summary>
internal static class ConfigurationOption
{
    public static Option<string> Create() => new("--config", "-c")
    {
        Description = "The configuration file.",
        HelpName = "FILE",
        DefaultValueFactory = _ => AgentConfiguration.DefaultFile,
    };

    /// <summary>As <see cref="TryRead"/>, for commands that can do without: a file that nobody named need not be there.</summary>
    public static bool TryReadIfThere(ParseResult parsed, Option<string> option, out AgentConfiguration? configuration)
    {
        configuration = null;
        bool isNamed = parsed.GetResult(option) is { Implicit: false };
        return (!isNamed && !File.Exists(parsed.GetRequiredValue(option))) || TryRead(parsed, option, out configuration);
    }

    /// <summary>Reads the file, or prints all that is wrong with it.</summary>
    public static bool TryRead(ParseResult parsed, Option<string> option, [NotNullWhen(true)] out AgentConfiguration? configuration)
    {
        bool isRead = AgentConfiguration.TryReadFile(parsed.GetRequiredValue(option), out configuration, out IReadOnlyList<ConfigError> errors);
        Print(parsed, errors);
        return isRead;
    }

    public static void Print(ParseResult parsed, IReadOnlyList<ConfigError> errors)
    {
        foreach (ConfigError error in errors)
        {
            parsed.InvocationConfiguration.Error.WriteLine(error);
        }
    }
}
