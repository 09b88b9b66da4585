using System.Text.Json;

namespace EdgeAgent.Scanning;

/// <summary>
/// A configuration of what was recognised. It begins with one that exists, since only that knows the cloud: its sections stay as they are, and what was
/// found fills those that it does not have.
/// </summary>
internal static class FoundConfiguration
{
    private static readonly JsonDocumentOptions AsConfigured = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Keys that name files: relative ones count from the folder of the document, which changes.</summary>
    private static readonly string[] Paths = ["ca", "certificate", "key", "file", "path", "hardware"];

    /// <param name="existing">A sound configuration.</param>
    /// <param name="folder">What its relative paths count from.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="kept">Sections that were found something for, and that are as they were.</param>
    public static string Of(ReadOnlyMemory<byte> existing, string folder, IEnumerable<Finding> findings, out IReadOnlyList<string> kept)
    {
        using JsonDocument document = JsonDocument.Parse(existing, AsConfigured);
        ILookup<string, ConfigEntry> sections = findings.Select(finding => finding.Entry).OfType<ConfigEntry>().ToLookup(entry => entry.Section);
        kept = [.. sections.Select(section => section.Key).Where(section => document.RootElement.TryGetProperty(section, out _))];
        IReadOnlyList<string> untouched = kept;
        return JsonText.Of(
            json =>
            {
                json.WriteStartObject();
                foreach (JsonProperty member in document.RootElement.EnumerateObject())
                {
                    json.WritePropertyName(member.Name);
                    Copy(json, member.Name, member.Value, folder);
                }
                foreach (IGrouping<string, ConfigEntry> section in sections.Where(section => !untouched.Contains(section.Key)))
                {
                    json.WritePropertyName(section.Key);
                    Write(json, section);
                }
                json.WriteEndObject();
            },
            isIndented: true);
    }

    private static void Write(Utf8JsonWriter json, IGrouping<string, ConfigEntry> section)
    {
        if (section.Key == "host")
        {
            json.WriteRawValue(section.First().Json);
            return;
        }
        json.WriteStartArray();
        foreach (IGrouping<EntryParent?, ConfigEntry> entries in section.GroupBy(entry => entry.Parent))
        {
            if (entries.Key is { } parent)
            {
                json.WriteStartObject();
                json.WritePropertyName(parent.Key);
                json.WriteRawValue(parent.Value);
                json.WriteStartArray(parent.List);
            }
            foreach (ConfigEntry entry in entries)
            {
                json.WriteRawValue(entry.Json);
            }
            if (entries.Key is not null)
            {
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }

    private static void Copy(Utf8JsonWriter json, string key, JsonElement value, string folder)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    json.WritePropertyName(member.Name);
                    Copy(json, member.Name, member.Value, folder);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Copy(json, key, item, folder);
                }
                json.WriteEndArray();
                break;
            case JsonValueKind.String when Paths.Contains(key) && Path.Exists(Path.GetFullPath(value.GetString()!, folder)):
                json.WriteStringValue(Path.GetFullPath(value.GetString()!, folder));
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
