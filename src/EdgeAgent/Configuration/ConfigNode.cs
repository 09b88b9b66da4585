using System.Text.Json;

namespace EdgeAgent.Configuration;

internal enum ConfigNodeKind
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Section,
}

/// <summary>Where something stands in a configuration file. Line and column count from 1, the column in characters.</summary>
internal readonly record struct ConfigPosition(int Line, int Column);

/// <summary>
/// A value of the configuration file that still knows where it stands. Its pointer (RFC 6901) counts from the root of the
/// document; its text is that of a text, or the digits of a number as they are written.
/// </summary>
internal sealed record ConfigNode(ConfigNodeKind Kind, string Pointer, ConfigPosition Position, string Text = "", bool Boolean = false)
{
    public IReadOnlyList<ConfigNode> Items { get; init; } = [];

    public IReadOnlyList<ConfigMember> Members { get; init; } = [];

    /// <summary>
    /// The same for any two that say the same, however they are written: JSON without spaces, keys in order, numbers as they are written. What runs by one of
    /// them need not be touched for the other.
    /// </summary>
    public string Canonical => Kind switch
    {
        ConfigNodeKind.Null => "null",
        ConfigNodeKind.Boolean => Boolean ? "true" : "false",
        ConfigNodeKind.Number => Text,
        ConfigNodeKind.Text => Quote(Text),
        ConfigNodeKind.List => $"[{string.Join(',', Items.Select(item => item.Canonical))}]",
        _ => $"{{{string.Join(',', Members.OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{Quote(member.Name)}:{member.Value.Canonical}"))}}}",
    };

    /// <summary>The same section without some of its keys.</summary>
    public ConfigNode Without(params IReadOnlyList<string> keys) => this with { Members = [.. Members.Where(member => !keys.Contains(member.Name))] };

    /// <summary>What this is, for people.</summary>
    public string Describe() => Kind switch
    {
        ConfigNodeKind.Null => "null",
        ConfigNodeKind.Boolean => Boolean ? "true" : "false",
        ConfigNodeKind.Number => $"the number {Text}",
        ConfigNodeKind.Text => "a text",
        ConfigNodeKind.List => "a list",
        _ => "a section",
    };

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}

/// <summary>A key and its value. The position is the key's; the value knows its own.</summary>
internal sealed record ConfigMember(string Name, ConfigPosition Position, ConfigNode Value);
