using System.Text.Json;
using EdgeAgent.Ingestion.Configs;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>
/// In what two documents differ, for people:
/// <code>
/// line := ( "-" | "+" ) " " pointer " " value          what only the first, or only the second has
/// </code>
/// Objects are compared name by name; a list is one value, as it is for merging.
/// </summary>
internal static class JsonDifference
{
    public static IEnumerable<string> Lines(JsonElement before, JsonElement after) => Lines("", before, after);

    private static IEnumerable<string> Lines(string pointer, JsonElement before, JsonElement after)
    {
        if (before.ValueKind != JsonValueKind.Object || after.ValueKind != JsonValueKind.Object)
        {
            return JsonElement.DeepEquals(before, after) ? [] : [Line('-', pointer, before), Line('+', pointer, after)];
        }
        IEnumerable<string> changed = before.EnumerateObject().SelectMany(property => after.TryGetProperty(property.Name, out JsonElement other)
            ? Lines(Under(pointer, property.Name), property.Value, other)
            : [Line('-', Under(pointer, property.Name), property.Value)]);
        return changed.Concat(after.EnumerateObject()
            .Where(property => !before.TryGetProperty(property.Name, out _))
            .Select(property => Line('+', Under(pointer, property.Name), property.Value)));
    }

    private static string Under(string pointer, string name) => $"{pointer}/{JsonPointer.Escape(name)}";

    private static string Line(char sign, string pointer, JsonElement value) => $"{sign} {pointer} {value.GetRawText()}";
}
