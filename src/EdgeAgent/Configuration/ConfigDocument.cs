using System.Text;
using System.Text.Json;

namespace EdgeAgent.Configuration;

/// <summary>
/// Reads JSON with comments and trailing commas (as tsconfig.json and VS Code's settings have it) into nodes that know their
/// line, column and pointer. Reports a key that stands twice: JSON would take the last one in silence.
/// </summary>
internal static class ConfigDocument
{
    /// <summary>Deeper than any section is, and far from the end of the stack.</summary>
    private const int MaximumDepth = 16;

    private static readonly JsonReaderOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = MaximumDepth,
    };

    /// <returns>Null where the document is not JSON at all; the one error says where it breaks off.</returns>
    public static ConfigNode? Read(ReadOnlySpan<byte> utf8, ConfigErrors errors)
    {
        ReadOnlySpan<byte> json = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        var reader = new Utf8JsonReader(json, Options);
        var lines = new LineIndex(json);
        try
        {
            reader.Read();
            ConfigNode root = ReadValue(ref reader, json, lines, "", errors);
            // Anything after the root but comments is a syntax error, which the reader throws here.
            reader.Read();
            return root;
        }
        catch (JsonException broken)
        {
            var position = new ConfigPosition((int)(broken.LineNumber ?? 0) + 1, (int)(broken.BytePositionInLine ?? 0) + 1);
            string message = broken.Message.Split(" LineNumber:")[0].Trim();
            errors.Add(position, "", $"This is not JSON: {message} Correct the syntax here or shortly before.");
            return null;
        }
        catch (InvalidOperationException)
        {
            errors.Add(lines.Find(json, reader.TokenStartIndex), "", "This text is not valid UTF-8. Save the file as UTF-8.");
            return null;
        }
    }

    private static ConfigNode ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, LineIndex lines, string pointer, ConfigErrors errors)
    {
        ConfigPosition position = lines.Find(json, reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return new ConfigNode(ConfigNodeKind.Section, pointer, position) { Members = ReadMembers(ref reader, json, lines, pointer, errors) };
            case JsonTokenType.StartArray:
                var items = new List<ConfigNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(ref reader, json, lines, $"{pointer}/{items.Count}", errors));
                }
                return new ConfigNode(ConfigNodeKind.List, pointer, position) { Items = items };
            case JsonTokenType.String:
                return new ConfigNode(ConfigNodeKind.Text, pointer, position, reader.GetString()!);
            case JsonTokenType.Number:
                return new ConfigNode(ConfigNodeKind.Number, pointer, position, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True or JsonTokenType.False:
                return new ConfigNode(ConfigNodeKind.Boolean, pointer, position, Boolean: reader.TokenType == JsonTokenType.True);
            default:
                return new ConfigNode(ConfigNodeKind.Null, pointer, position);
        }
    }

    private static List<ConfigMember> ReadMembers(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, LineIndex lines, string pointer, ConfigErrors errors)
    {
        var members = new List<ConfigMember>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            ConfigPosition position = lines.Find(json, reader.TokenStartIndex);
            string memberPointer = $"{pointer}/{Escape(name)}";
            reader.Read();
            var member = new ConfigMember(name, position, ReadValue(ref reader, json, lines, memberPointer, errors));
            if (members.Any(known => known.Name == name))
            {
                errors.Add(position, memberPointer, "This key stands twice in its section. Remove one of them.");
                continue;
            }
            members.Add(member);
        }
        return members;
    }

    /// <summary>RFC 6901 section 3.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The offsets at which lines start, so that positions are found without reading the file again for each.</summary>
    private sealed class LineIndex
    {
        private readonly List<int> _starts = [0];

        public LineIndex(ReadOnlySpan<byte> json)
        {
            for (int i = 0; i < json.Length; i++)
            {
                if (json[i] == '\n')
                {
                    _starts.Add(i + 1);
                }
            }
        }

        public ConfigPosition Find(ReadOnlySpan<byte> json, long offset)
        {
            int found = _starts.BinarySearch((int)offset);
            int line = found >= 0 ? found : ~found - 1;
            int column = Encoding.UTF8.GetCharCount(json[_starts[line]..(int)offset]);
            return new ConfigPosition(line + 1, column + 1);
        }
    }
}
