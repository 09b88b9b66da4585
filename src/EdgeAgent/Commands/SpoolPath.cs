using System.CommandLine;
using EdgeAgent.Configuration;
using EdgeAgent.Spooling;

namespace EdgeAgent.Commands;

/// <summary>Which spool a command is about: the one of a configuration, or any folder.</summary>
internal sealed class SpoolPath
{
    private readonly Option<string> _configuration = ConfigurationOption.Create();

    private readonly Option<string?> _path = new("--path", "-p")
    {
        Description = "The folder of the spool, instead of the one that the configuration names.",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        command.Add(_configuration);
        command.Add(_path);
    }

    /// <summary>Does the work of a command. What the environment is to blame for becomes one line and an exit code.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="work">Gets the folder, and the options where a configuration was read.</param>
    public int Run(ParseResult parsed, Func<string, SpoolOptions?, int> work)
    {
        SpoolOptions? options = null;
        if (parsed.GetValue(_path) is not { } path)
        {
            if (!ConfigurationOption.TryRead(parsed, _configuration, out AgentConfiguration? configuration))
            {
                return ExitCode.Configuration;
            }
            options = configuration.Spool;
            path = options.Path;
        }
        return CommandOutcome.Run(parsed, () => work(path, options));
    }
}
