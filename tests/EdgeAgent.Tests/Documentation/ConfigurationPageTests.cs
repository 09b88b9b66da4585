using System.Text.Json.Nodes;
using EdgeAgent.Configuration;

namespace EdgeAgent.Tests.Documentation;

/// <summary>docs/configuration.md says what agent.schema.json says, and that is held against the reader and the options by <c>SchemaTests</c>.</summary>
public sealed class ConfigurationPageTests
{
    private const string WriteVariable = "EDGEAGENT_WRITE_DOCS";
    private static readonly string Page = Path.Combine(Repository.Root, "docs/configuration.md");
    private readonly ConfigurationTables _tables = new(JsonNode.Parse(ConfigSchema.Read())!.AsObject());

    public ConfigurationPageTests()
    {
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(Page, GeneratedTables.Renew(File.ReadAllText(Page), _tables));
        }
    }

    [Fact]
    public void The_tables_of_the_page_are_those_of_the_schema()
    {
        string page = File.ReadAllText(Page);
        Assert.True(
            GeneratedTables.Renew(page, _tables) == page,
            $"docs/configuration.md is not what agent.schema.json says. Write it anew: {WriteVariable}=1 dotnet test tests/EdgeAgent.Tests --filter {nameof(ConfigurationPageTests)}");
    }

    [Fact]
    public void Every_key_of_every_section_has_its_row_on_the_page()
    {
        string[] lines = File.ReadAllLines(Page);

        // Sections that share a key share its row, where it says the same of both.
        Assert.Empty(_tables.Sections.SelectMany(section => _tables.Keys(section).Select(key => _tables.Row(section, key))).Except(lines));
    }

    [Fact]
    public void Every_section_of_the_file_has_its_heading_on_the_page()
    {
        string headings = string.Join('\n', File.ReadLines(Page).Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.All(_tables.OfTheFile, section => Assert.Contains($"`{section}`", headings, StringComparison.Ordinal));
    }
}
