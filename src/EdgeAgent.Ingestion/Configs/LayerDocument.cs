using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// Reads a document as people write it, and makes the bytes that are kept of it:
/// <code>
/// input  := JSON object in UTF-8, with // and /* */ comments and trailing commas, no name twice in an object, at most 64 deep
/// output := the same without comments and white space; numbers as they were written, names and values in the order in which they were
/// </code>
/// What the device's settings are and mean, the device says: the service does not know its readers.
/// </summary>
internal static class LayerDocument
{
    public const int MaximumDepth = 64;

    // A file of nothing but mistakes is told so far, not to its end.
    private const int MostProblems = 100;

    public static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonReaderOptions Syntax = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = MaximumDepth,
    };

    /// <returns>False: <paramref name="problems"/> says everything that is wrong with it.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> text, int maximumBytes, [NotNullWhen(true)] out byte[]? document, out IReadOnlyList<DocumentProblem> problems)
    {
        var found = new List<DocumentProblem>();
        (document, problems) = (null, found);
        text = text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
        if (text.Length > maximumBytes)
        {
            found.Add(new(0, 0, "", $"The document has {text.Length} bytes; {maximumBytes} are allowed (configs.maximumDocumentBytes of the service)."));
            return false;
        }
        if (!Utf8.IsValid(text))
        {
            found.Add(new(0, 0, "", "The document is not UTF-8."));
            return false;
        }
        var output = new ArrayBufferWriter<byte>(text.Length + 1);
        try
        {
            using var writer = new Utf8JsonWriter(output, Form);
            Copy(text, writer, found);
        }
        catch (JsonException failure)
        {
            // Its own words repeat the place, in other units.
            string message = failure.Message.Split(" LineNumber:")[0];
            found.Add(new((int)(failure.LineNumber ?? 0) + 1, (int)(failure.BytePositionInLine ?? 0) + 1, "", $"This is not JSON. {message}"));
        }
        document = found.Count == 0 ? output.WrittenSpan.ToArray() : null;
        return document is not null;
    }

    private static void Copy(ReadOnlySpan<byte> text, Utf8JsonWriter writer, List<DocumentProblem> problems)
    {
        var reader = new Utf8JsonReader(text, Syntax);
        var open = new Stack<Frame>();
        string pointer = "";
        while (problems.Count < MostProblems && reader.Read())
        {
            bool isValue = reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray);
            if (isValue && open.TryPeek(out Frame? list) && list.Names is null)
            {
                pointer = $"{list.Pointer}/{list.Count++}";
            }
            if (isValue && reader.TokenType != JsonTokenType.StartObject)
            {
                if (open.Count == 0)
                {
                    problems.Add(At(text, reader.TokenStartIndex, "", "A configuration is an object: write { … }."));
                    return;
                }
                if (ReservedKeys.HoldsOwnFile(pointer))
                {
                    problems.Add(At(text, reader.TokenStartIndex, pointer, "It would take away what belongs to the device's own file. Write an object."));
                }
            }
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new Frame([], pointer));
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.StartArray:
                    open.Push(new Frame(null, pointer));
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.EndArray:
                    open.Pop();
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    Frame within = open.Peek();
                    if (!TryGetText(ref reader, text, within.Pointer, problems, out string? name))
                    {
                        return;
                    }
                    pointer = $"{within.Pointer}/{JsonPointer.Escape(name)}";
                    if (!within.Names!.Add(name))
                    {
                        problems.Add(At(text, reader.TokenStartIndex, pointer, "The name stands in this object twice. Remove one of them."));
                    }
                    else if (ReservedKeys.BelongsToOwnFile(pointer))
                    {
                        problems.Add(At(text, reader.TokenStartIndex, pointer, "It belongs to the device's own file. Remove it."));
                    }
                    writer.WritePropertyName(name);
                    break;
                case JsonTokenType.String:
                    if (!TryGetText(ref reader, text, pointer, problems, out string? value))
                    {
                        return;
                    }
                    writer.WriteStringValue(value);
                    break;
                default:
                    writer.WriteRawValue(reader.ValueSpan);
                    break;
            }
        }
    }

    private static bool TryGetText(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> text, string pointer, List<DocumentProblem> problems, [NotNullWhen(true)] out string? value)
    {
        try
        {
            value = reader.GetString()!;
            return true;
        }
        // The only way to learn that an escape such as \ud800 is half a character.
        catch (InvalidOperationException)
        {
            problems.Add(At(text, reader.TokenStartIndex, pointer, "The text is not Unicode: a \\u escape is half a character."));
            value = null;
            return false;
        }
    }

    private static DocumentProblem At(ReadOnlySpan<byte> text, long index, string pointer, string message)
    {
        ReadOnlySpan<byte> before = text[..(int)index];
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new DocumentProblem(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1, pointer, message);
    }

    /// <summary>An object or a list that is open.</summary>
    /// <param name="names">Its names so far; null: it is a list.</param>
    /// <param name="pointer">Where it is.</param>
    private sealed class Frame(HashSet<string>? names, string pointer)
    {
        public HashSet<string>? Names => names;

        public string Pointer => pointer;

        /// <summary>Values of the list so far.</summary>
        public int Count { get; set; }
    }
}
