using System.Text.Json;

namespace EdgeAgent.Commands;

/// <summary>Reads a status, or a part of one, by names. What is not there is null: an agent of another version may answer.</summary>
internal readonly struct StatusView(JsonElement element)
{
    public bool IsRunning => Text("state") == "running";

    public string? Text(params ReadOnlySpan<string> path) => Find(path) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    public double? Number(params ReadOnlySpan<string> path) => Find(path) is { ValueKind: JsonValueKind.Number } found ? found.GetDouble() : null;

    public bool Flag(params ReadOnlySpan<string> path) => Find(path) is { ValueKind: JsonValueKind.True };

    /// <summary>As people read it, whatever it is; null where it is null.</summary>
    public string? Raw(string name) => Find([name]) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.True } => "on",
        { ValueKind: JsonValueKind.False } => "off",
        { } other => other.GetRawText(),
    };

    public IEnumerable<StatusView> Items(string name) => Find([name]) is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray().Select(static item => new StatusView(item)) : [];

    public IEnumerable<(string Name, StatusView Value)> Members(params ReadOnlySpan<string> path) => Find(path) is { ValueKind: JsonValueKind.Object } found
        ? found.EnumerateObject().Select(static member => (member.Name, new StatusView(member.Value))) : [];

    private JsonElement? Find(ReadOnlySpan<string> path)
    {
        JsonElement found = element;
        foreach (string name in path)
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return null;
            }
        }
        return found;
    }
}
