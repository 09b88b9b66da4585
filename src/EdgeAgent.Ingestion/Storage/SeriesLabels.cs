using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>How labels are stored.</summary>
internal static class SeriesLabels
{
    /// <summary>A JSON object with its keys in order, so that equal labels are equal texts.</summary>
    public static string Json(SeriesDefinition definition)
    {
        if (definition.Labels.Count == 0)
        {
            return "{}";
        }
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach ((string label, string value) in definition.Labels.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteString(label, value);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
