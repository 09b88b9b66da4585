using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeAgent.Scanning;

/// <summary>JSON that people read and copy: on one line where it is an entry, and no letter escaped that a file can hold.</summary>
internal static class JsonText
{
    public static string Of(Action<Utf8JsonWriter> write, bool isIndented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = isIndented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            write(json);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static string OfText(string text) => Of(json => json.WriteStringValue(text));

    /// <summary>An object of texts.</summary>
    public static string OfTexts(params ReadOnlySpan<(string Key, string Value)> members)
    {
        (string Key, string Value)[] all = members.ToArray();
        return Of(json =>
        {
            json.WriteStartObject();
            foreach ((string key, string value) in all)
            {
                json.WriteString(key, value);
            }
            json.WriteEndObject();
        });
    }
}
