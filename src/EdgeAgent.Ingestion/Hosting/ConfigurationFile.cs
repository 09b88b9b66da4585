using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>
/// Reads the configuration file onto <see cref="IngestionOptions"/>:
/// <code>
/// file     := JSON object, with // and /* */ comments and trailing commas; names are case-sensitive
/// endpoint := "ADDRESS:PORT" | "[IPv6]:PORT" | "localhost:PORT"
/// duration := "NUMBER UNIT", UNIT := ms | s | min | h | d          e.g. "250ms", "10 s", "1.5h"
/// </code>
/// The properties come from the generated JSON metadata. They are set one by one, so that every error is reported, not the
/// first one only.
/// </summary>
internal static class ConfigurationFile
{
    public const string DefaultPath = "/etc/edge-ingestion/ingestion.json";

    private static readonly JsonDocumentOptions Syntax = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="path">The file; null: the one that is installed, if there is one.</param>
    /// <param name="options">What it is read onto.</param>
    /// <param name="problems">Takes everything that is wrong with it.</param>
    public static void ReadInstalled(string? path, IngestionOptions options, List<ConfigurationProblem> problems)
    {
        if (path is not null || File.Exists(DefaultPath))
        {
            Read(path ?? DefaultPath, options, problems);
        }
    }

    public static void Read(string path, IngestionOptions options, List<ConfigurationProblem> problems)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(path), Syntax);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(path, failure.Message, "Create the file, name another one with --config, or give everything by flags."));
            return;
        }
        catch (JsonException failure)
        {
            problems.Add(new($"{path}:{failure.LineNumber + 1}", "This is not JSON.", failure.Message));
            return;
        }
        using (document)
        {
            ReadSection("", document.RootElement, options, ConfigurationJson.Default.IngestionOptions, problems);
        }
    }

    private static void ReadSection(
        string pointer, JsonElement section, object target, JsonTypeInfo type, List<ConfigurationProblem> problems)
    {
        if (section.ValueKind != JsonValueKind.Object)
        {
            problems.Add(
                new(pointer.Length == 0 ? "/" : pointer, $"There is a {section.ValueKind} where settings are expected.", "Write { … }."));
            return;
        }
        foreach (JsonProperty setting in section.EnumerateObject())
        {
            string where = $"{pointer}/{setting.Name}";
            JsonPropertyInfo? property = type.Properties.FirstOrDefault(known => known.Name == setting.Name);
            if (property is null)
            {
                string known = string.Join(", ", type.Properties.Select(candidate => candidate.Name));
                problems.Add(new(where, "There is no such setting.", $"Remove it, or use one of: {known}."));
                continue;
            }
            JsonTypeInfo propertyType = ConfigurationJson.Default.GetTypeInfo(property.PropertyType)!;
            if (propertyType.Kind == JsonTypeInfoKind.Object)
            {
                ReadSection(where, setting.Value, property.Get!(target)!, propertyType, problems);
                continue;
            }
            try
            {
                property.Set!(target, setting.Value.Deserialize(propertyType));
            }
            catch (JsonException failure)
            {
                problems.Add(
                    new(where, $"{setting.Value.GetRawText()} cannot be used.", failure.InnerException?.Message ?? failure.Message));
            }
        }
    }
}
