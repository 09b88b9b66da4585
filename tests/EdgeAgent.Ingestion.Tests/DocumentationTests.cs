using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Tests.Documentation;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>docs/ingestion.md is written by hand; what it says of settings and commands is what the program has.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void The_table_of_settings_has_each_with_its_default_and_no_other()
    {
        Dictionary<string, string> documented = Documented();
        JsonObject defaults = JsonSerializer.SerializeToNode(new IngestionOptions(), ConfigurationJson.Default.IngestionOptions)!.AsObject();
        Dictionary<string, string> actual = Settings(defaults, "").ToDictionary(setting => setting.Name, setting => setting.Default);

        Assert.Equal(actual.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(actual, setting => Assert.True(Agree(setting.Value, documented[setting.Key]), $"{setting.Key}: {documented[setting.Key]} is {setting.Value} in the options"));
    }

    [Fact]
    public void Every_command_of_the_service_that_a_page_shows_is_one_that_it_takes()
    {
        IReadOnlyList<string> wrong = new DocumentedCommands("edge-ingestion", typeof(IngestionOptions).Assembly).FindWrong(out int read);

        Assert.True(read > 50, $"only {read} commands were found");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<(string Name, string Default)> Settings(JsonObject section, string prefix)
    {
        foreach ((string key, JsonNode? value) in section)
        {
            if (value is JsonObject inner)
            {
                foreach ((string Name, string Default) setting in Settings(inner, $"{prefix}{key}."))
                {
                    yield return setting;
                }
            }
            else if (key != "isUsed")
            {
                // What follows from the others is written and never read.
                yield return (prefix + key, value is null ? "none" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString());
            }
        }
    }

    /// <summary>A row may be of several settings, and then has as many defaults, or one for all.</summary>
    private static Dictionary<string, string> Documented()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs/ingestion.md"));
        string table = page[page.IndexOf("| setting | default |", StringComparison.Ordinal)..];
        var documented = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string[] row in table.Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split(" | ")))
        {
            string[] names = [.. Code().Matches(row[0]).Select(match => match.Groups[1].Value)];
            string[] defaults = row[1].Split(", ");
            for (int i = 0; i < names.Length; i++)
            {
                documented[names[i]] = defaults.Length == names.Length ? defaults[i] : row[1];
            }
        }
        return documented;
    }

    private static bool Agree(string actual, string documented)
    {
        string text = Remark().Replace(documented, "").Trim('`');
        return text == actual
            || (DurationConverter.TryParse(text, out TimeSpan said) && DurationConverter.TryParse(actual, out TimeSpan meant) && said == meant)
            || (actual == "none" && text == "required with it")
            // A list without anything in it, where that means something.
            || (actual == "[]" && !documented.Contains('`', StringComparison.Ordinal));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@" \(.*\)")]
    private static partial Regex Remark();
}
