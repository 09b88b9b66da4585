using System.CommandLine;
using System.CommandLine.Parsing;
using EdgeAgent.Configuration;
using EdgeAgent.Updates;

namespace EdgeAgent.Commands;

/// <summary>Options that commands about updates share.</summary>
internal static class UpdateOptions
{
    public static Option<string> Root() => new("--root")
    {
        Description = "The folder that stands for /, of an image that is being made.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "/",
    };

    public static Option<TimeSpan> Timeout() => new("--timeout")
    {
        Description = "How long it may take: 90s, 10m, 1h.",
        HelpName = "TIME",
        DefaultValueFactory = static _ => UpdateTrial.StandardLimit,
        CustomParser = ReadDuration,
    };

    private static TimeSpan ReadDuration(ArgumentResult argument)
    {
        string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
        if (!Duration.TryParse(text, out TimeSpan duration) || duration < TimeSpan.FromSeconds(1) || duration > TimeSpan.FromDays(1))
        {
            argument.AddError($"\"{text}\" is no time from 1s to 1d. Write 90s, 10m or 1h.");
        }
        return duration;
    }
}
