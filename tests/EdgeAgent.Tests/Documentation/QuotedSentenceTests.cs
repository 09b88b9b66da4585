using System.Text;
using System.Text.RegularExpressions;

namespace EdgeAgent.Tests.Documentation;

public sealed partial class QuotedSentenceTests
{
    private const int ShortestPart = 6;

    [Fact]
    public void Every_sentence_that_troubleshooting_quotes_is_one_that_the_programs_say()
    {
        string said = EverythingSaid();
        // What somebody sees stands in the first column of a table: the code spans of more than a word, with … for what differs from case to case.
        string[] quoted = [.. File.ReadLines(Path.Combine(Repository.Root, "docs/troubleshooting.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => Quote().Matches(line.Split(" | ")[0])).Select(match => match.Groups[1].Value)];

        Assert.True(quoted.Length > 40, $"only {quoted.Length} sentences were found");
        Assert.DoesNotContain(quoted, sentence => sentence.Split('…', StringSplitOptions.TrimEntries).Any(part =>
            part.Length >= ShortestPart && !said.Contains(part, StringComparison.Ordinal)));
    }

    /// <summary>The literals of the programs' source, those that are added to each other as one.</summary>
    private static string EverythingSaid()
    {
        var said = new StringBuilder();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match literal in Literal().Matches(Joint().Replace(File.ReadAllText(file), "")))
            {
                said.Append(literal.Groups[1].Value.Replace("\\\"", "\"", StringComparison.Ordinal)).Append('\n');
            }
        }
        return said.ToString();
    }

    [GeneratedRegex("`([^`]+ [^`]+)`")]
    private static partial Regex Quote();

    [GeneratedRegex("""\$?"((?:[^"\\\n]|\\.)*)["]""")]
    private static partial Regex Literal();

    [GeneratedRegex("""(?<!\\)"\s*\+\s*\$?["]""")]
    private static partial Regex Joint();
}
