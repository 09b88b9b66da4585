using System.Text.Json.Nodes;
using EdgeAgent.Configuration;

namespace EdgeAgent.Tests.Configuration;

public sealed class DocumentationTests
{
    [Fact]
    public void Every_key_is_documented_with_its_default()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs/configuration.md")).Where(line => line.StartsWith('|'))];
        JsonObject schema = JsonNode.Parse(ConfigSchema.Read())!.AsObject();
        IEnumerable<JsonNode> sections = schema["$defs"]!.AsObject().Concat(schema["properties"]!.AsObject()).Select(definition => definition.Value!);
        foreach (JsonNode section in sections)
        {
            foreach ((string key, JsonNode? property) in section["properties"]?.AsObject() ?? [])
            {
                string[] documented = [.. rows.Where(row => row.StartsWith($"| `{key}` |", StringComparison.Ordinal))];
                string standard = property!["default"] is { } value ? $"| `{value.ToJsonString(ReadableJson)}` |" : "";
                Assert.True(documented.Any(row => row.Contains(standard, StringComparison.Ordinal)), $"{key} {standard}");
            }
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions ReadableJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
