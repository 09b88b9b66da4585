using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeAgent.Configuration;

namespace EdgeAgent.Commands;

/// <summary>A configuration for people's eyes: secrets that stand in it are not shown.</summary>
internal static class ConfigText
{
    private const string Hidden = "(not shown)";

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(ConfigNode node) => Of(json => Write(json, node));

    /// <summary>Indented JSON.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            write(json);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>On one line, for a table.</summary>
    public static string Short(ConfigNode? node) => node is null ? "" : Shown(node).Canonical;

    public static void Write(Utf8JsonWriter json, ConfigNode node) => json.WriteRawValue(Indented(Shown(node)));

    private static byte[] Indented(ConfigNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            using JsonDocument document = JsonDocument.Parse(node.Canonical);
            document.WriteTo(json);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A secret is the one section that has nothing but a text named "value".</summary>
    private static ConfigNode Shown(ConfigNode node) => node.Kind switch
    {
        ConfigNodeKind.List => node with { Items = [.. node.Items.Select(Shown)] },
        ConfigNodeKind.Section when node.Members is [{ Name: "value", Value.Kind: ConfigNodeKind.Text } secret] =>
            node with { Members = [secret with { Value = secret.Value with { Text = Hidden } }] },
        ConfigNodeKind.Section => node with { Members = [.. node.Members.Select(static member => member with { Value = Shown(member.Value) })] },
        _ => node,
    };
}
