using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeAgent.Tests.Documentation;

/// <summary>
/// Tables of keys for people, made of the JSON schema: its descriptions, defaults, choices and bounds are the one source.
/// <code>
/// table := "| key | value | default | |" "|---|---|---|---|" row*
/// row   := "| `" key "` | " what may stand there " | " default, or **required** " | " description " |"
/// </code>
/// </summary>
internal sealed partial class ConfigurationTables(JsonObject schema)
{
    public const string Head = "| key | value | default | |\n|---|---|---|---|\n";

    /// <summary>Bounds from here on keep nonsense out and tell a reader nothing.</summary>
    private const double Boundless = 1e9;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What values of a shared definition are called, and where they are explained.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["duration"] = "duration",
        ["size"] = "size",
        ["file"] = "file",
        ["labels"] = "texts",
        ["code"] = "code",
        ["bytes"] = "bytes",
        ["secret"] = "[secret](#secrets)",
        ["time"] = "[section](#timestamps)",
    };

    /// <summary>Everything that has keys of its own, by name.</summary>
    public IEnumerable<string> Sections =>
        schema["properties"]!.AsObject().Concat(schema["$defs"]!.AsObject()).Where(section => section.Value!["properties"] is not null).Select(section => section.Key);

    /// <summary>The sections that a file is made of.</summary>
    public IEnumerable<string> OfTheFile => schema["properties"]!.AsObject().Select(section => section.Key).Where(key => key != "$schema");

    public IEnumerable<string> Keys(string section) => Find(section)["properties"]!.AsObject().Select(property => property.Key);

    public string Row(string section, string key)
    {
        JsonObject definition = Find(section);
        JsonObject property = definition["properties"]![key]!.AsObject();
        string description = (property["description"] ?? Resolve(property)["description"])!.GetValue<string>();
        description = OtherSection().Replace(Page().Replace(description, "[$1]($1)"), "section [`$1`](#$1)").Replace("|", "\\|", StringComparison.Ordinal);
        return $"| `{key}` | {Value(property)} | {Default(definition, key, property)} | {description} |";
    }

    private JsonObject Find(string section) =>
        (schema["$defs"]![section] ?? schema["properties"]![section] ?? throw new ArgumentException($"The schema has no section {section}.")).AsObject();

    private JsonObject Resolve(JsonObject property) => property["$ref"] is { } reference ? Find(Name(reference)) : property;

    private static string Name(JsonNode reference) => reference.GetValue<string>().Split('/')[^1];

    private string Value(JsonObject property)
    {
        if (property["$ref"] is { } reference)
        {
            return Names.GetValueOrDefault(Name(reference)) ?? Value(Find(Name(reference)));
        }
        if (property["enum"] is JsonArray words)
        {
            return string.Join(", ", words.Select(Literal));
        }
        if ((property["oneOf"] ?? property["anyOf"]) is JsonArray alternatives)
        {
            return string.Join(" or ", alternatives.Select(alternative => Value(alternative!.AsObject())));
        }
        if (property["const"] is { } only)
        {
            return Literal(only);
        }
        return property["type"]!.GetValue<string>() switch
        {
            "boolean" => "`true`, `false`",
            "string" => "text",
            "object" => "section",
            "array" => List(property["items"]!.AsObject()),
            "integer" => Range(property) ?? "number",
            "number" => IsBounded(property) ? Range(property)! : "number",
            string other => throw new NotSupportedException($"There is no word for a value of type {other}."),
        };
    }

    private string List(JsonObject items) => items["oneOf"] is not null || Resolve(items)["properties"] is not null ? "list"
        : Value(items) is var value && value is "text" or "code" ? $"list of {value}s" : $"list of {value}";

    private static string Literal(JsonNode? word) => word!.GetValueKind() == JsonValueKind.String ? $"`{word}`" : word.ToJsonString();

    private static bool IsBounded(JsonObject property) =>
        Math.Max(Bound(property, "maximum") ?? double.PositiveInfinity, -(Bound(property, "minimum") ?? double.NegativeInfinity)) < Boundless;

    private static string? Range(JsonObject property) => (Bound(property, "minimum"), Bound(property, "maximum")) is ({ } from, { } to)
        ? string.Create(CultureInfo.InvariantCulture, $"{from:#,0.#####} to {to:#,0.#####}") : null;

    private static double? Bound(JsonObject property, string which) => property[which]?.GetValue<double>();

    /// <summary>What holds where the key is missing. Of keys of which one has to be there, each names the others.</summary>
    private static string Default(JsonObject definition, string key, JsonObject property)
    {
        if (Lists(definition["required"], key))
        {
            return "**required**";
        }
        string[] others = [.. (definition["anyOf"]?.AsArray() ?? []).SelectMany(one => one!["required"]!.AsArray()).Select(other => other!.GetValue<string>())];
        return others.Contains(key) ? $"**required**, or {string.Join(", ", others.Where(other => other != key).Select(other => $"`{other}`"))}"
            : property["default"] is { } standard ? $"`{standard.ToJsonString(Readable)}`" : "";
    }

    private static bool Lists(JsonNode? required, string key) => required?.AsArray().Any(one => one!.GetValue<string>() == key) == true;

    /// <summary>In the schema, which travels alone, pages are named from the root; on the page they are links.</summary>
    [GeneratedRegex(@"\bdocs/([\w/-]+\.md)")]
    private static partial Regex Page();

    [GeneratedRegex("section `(\\w+)`")]
    private static partial Regex OtherSection();
}
