using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// Lays JSON merge patches (RFC 7396) over each other, so that one patch does to any file what both would do one after the other: objects are merged, null
/// stays null (it has still to remove something from the device's own file), all else is replaced.
/// </summary>
/// <remarks>
/// One thing no merge patch can say: remove an object, and put another one in its place. Where an earlier layer says null, or a plain value, and a later one an
/// object, the result is that object, which on the device is merged with what its own file has there.
/// </remarks>
internal static class MergePatch
{
    public static JsonNode? Compose(JsonNode? first, JsonNode? second)
    {
        if (first is not JsonObject under || second is not JsonObject over)
        {
            return second?.DeepClone();
        }
        var result = new JsonObject();
        foreach ((string name, JsonNode? value) in under)
        {
            result[name] = over.TryGetPropertyValue(name, out JsonNode? later) ? Compose(value, later) : value?.DeepClone();
        }
        foreach ((string name, JsonNode? value) in over)
        {
            if (!under.ContainsKey(name))
            {
                result[name] = value?.DeepClone();
            }
        }
        return result;
    }

    /// <summary>The bytes of a revision: what is hashed, kept and sent.</summary>
    public static byte[] ToBytes(JsonObject document)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, LayerDocument.Form))
        {
            document.WriteTo(writer);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What <see cref="LayerDocument"/> or <see cref="ToBytes"/> has written.</summary>
    public static JsonObject Parse(ReadOnlySpan<byte> document) => JsonNode.Parse(document)!.AsObject();
}
