using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;

namespace EdgeAgent.Tests.Documentation;

/// <summary>The command lines of one program that the pages show, held against the commands that the program has.</summary>
internal sealed partial class DocumentedCommands
{
    private const string Suffix = "Command";

    private readonly string _program;
    private readonly List<Command> _commands;

    /// <param name="program">What the program is called in a shell.</param>
    /// <param name="assembly">Where its commands are: each is made by a static method Create of its own class.</param>
    public DocumentedCommands(string program, Assembly assembly)
    {
        _program = program;
        Dictionary<string, Command> classes = assembly.GetTypes()
            .Where(type => type.Name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(type => (Name: type.Name[..^Suffix.Length], Create: type.GetMethod("Create", BindingFlags.Static | BindingFlags.Public, [])))
            .Where(made => made.Create?.ReturnType == typeof(Command))
            .ToDictionary(made => made.Name, made => (Command)made.Create!.Invoke(null, null)!);
        HashSet<string> inner = [.. classes.Values.SelectMany(command => command.Subcommands).Select(command => command.Name)];

        // SpoolStatCommand is for SpoolCommand, which has one: not a command of the program itself.
        _commands = [.. classes
            .Where(made => !inner.Contains(made.Value.Name) || !classes.Keys.Any(other => other != made.Key && made.Key.StartsWith(other, StringComparison.Ordinal)))
            .Select(made => made.Value)];
    }

    /// <summary>Every line that the program would not take, with its page.</summary>
    /// <param name="read">How many lines were looked at.</param>
    public IReadOnlyList<string> FindWrong(out int read)
    {
        var wrong = new List<string>();
        read = 0;
        foreach (string page in Repository.Pages())
        {
            foreach (string line in Lines(File.ReadAllText(Path.Combine(Repository.Root, page))))
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                read++;
                if (Problem(words) is { } problem)
                {
                    wrong.Add($"{page}: {_program} {line}: {problem}");
                }
            }
        }
        return wrong;
    }

    /// <summary>What follows the program's name, or its project's, where a shell would start it: in a block of code, or in a code span that begins with it.</summary>
    private IEnumerable<string> Lines(string page)
    {
        IEnumerable<string> blocks = Block().Matches(page).Select(match => match.Groups[1].Value + match.Groups[2].Value);
        IEnumerable<string> spans = Span().Matches(page).Select(match => match.Groups[1].Value);
        foreach (string code in blocks.Concat(spans))
        {
            string line = FromSource().Replace(code, source => source.Groups["service"].Success ? "edge-ingestion" : "edge-agent");
            Match match = Invocation().Match(line.Replace("\\|", "|", StringComparison.Ordinal));
            if (match.Success && match.Groups["program"].Value == _program)
            {
                yield return match.Groups["arguments"].Value;
            }
        }
    }

    private string? Problem(string[] words)
    {
        Command? command = null;
        bool isValue = false;
        foreach (string word in words)
        {
            if (isValue)
            {
                isValue = false;
                continue;
            }
            // Alternatives and what may be left out: [--json], show|continue|stop, --fleet|--group.
            foreach (string one in word.Trim('[', ']', ',', '(', ')').Split('|'))
            {
                IEnumerable<Command> next = command?.Subcommands ?? (IEnumerable<Command>)_commands;
                if (one.StartsWith('-') && one.Length > 1)
                {
                    string name = one.Split('=')[0];
                    Option? option = Options(command).FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));
                    if (option is null && name is not ("--help" or "--version"))
                    {
                        return $"there is no option {one}";
                    }
                    isValue = option is not null && option.ValueType != typeof(bool) && name == one;
                }
                else if (next.FirstOrDefault(known => known.Name == one) is { } found)
                {
                    command = word.Contains('|', StringComparison.Ordinal) ? command : found;
                }
                else if (command is null)
                {
                    return $"there is no command {one}";
                }
                else if (command.Subcommands.Count > 0 && command.Arguments.Count == 0)
                {
                    return $"{command.Name} has no command {one}";
                }
            }
        }
        return null;
    }

    /// <summary>The command's own, and those of the commands above it that are for all below.</summary>
    private static IEnumerable<Option> Options(Command? command)
    {
        for (Command? one = command; one is not null; one = one.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (Option option in one.Options.Where(option => one == command || option.Recursive))
            {
                yield return option;
            }
        }
    }

    [GeneratedRegex(@"^(?: {4,}(\S.*)|((?:edge-|sudo |dotnet run ).*))$", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"^dotnet run (?:--no-build )?--project src/EdgeAgent(?<service>\.Ingestion)? --(?= )")]
    private static partial Regex FromSource();

    [GeneratedRegex(@"^(?:[\w-]+\$ +)?(?:sudo (?:-u [\w-]+ )?|\w+=\S* )?(?<program>edge-agent|edge-ingestion) (?<arguments>[a-z-].*?)(?=$|  |[#;<>\\]| \| | && |…)")]
    private static partial Regex Invocation();
}
