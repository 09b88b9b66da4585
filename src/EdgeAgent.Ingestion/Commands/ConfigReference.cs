using System.Globalization;
using System.Text.Json;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>
/// Finds the configuration that somebody names:
/// <code>
/// reference := file that is there | ( layer | device ) [ "@" number ]       without a number: the newest
/// layer     := "fleet" | "group:" name | "device:" name
/// </code>
/// </summary>
internal static class ConfigReference
{
    private static readonly JsonDocumentOptions Syntax = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="HttpRequestException">There is no such thing.</exception>
    /// <exception cref="IOException">The file cannot be read, or is no configuration.</exception>
    public static async Task<JsonElement> DocumentAsync(AdminClient client, string reference, CancellationToken stop)
    {
        if (File.Exists(reference))
        {
            return await ReadAsync(reference, stop);
        }
        int at = reference.IndexOf('@', StringComparison.Ordinal);
        string name = at < 0 ? reference : reference[..at];
        long? number = at >= 0 && long.TryParse(reference.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long said) ? said : null;
        return Layer.TryParse(name, out _)
            ? (await LayerAsync(client, name, number, stop)).Document!.Value
            : (await RevisionAsync(client, name, number, stop)).Document!.Value;
    }

    /// <exception cref="HttpRequestException">There is no such version.</exception>
    public static async Task<LayerVersionView> LayerAsync(AdminClient client, string layer, long? version, CancellationToken stop)
    {
        version ??= (await client.GetAsync($"config/layers/{layer}", ConfigJson.Default.LayersAnswer, stop)).Versions is [var newest, ..] ? newest.Version : 0;
        return await client.GetAsync($"config/layers/{layer}/{version}", ConfigJson.Default.LayerVersionView, stop);
    }

    /// <exception cref="HttpRequestException">There is no such revision.</exception>
    public static async Task<RevisionView> RevisionAsync(AdminClient client, string device, long? number, CancellationToken stop)
    {
        number ??= (await client.GetAsync($"config/devices/{device}", ConfigJson.Default.DeviceHistoryView, stop)).Device.Number;
        return await client.GetAsync($"config/devices/{device}/revisions/{number}", ConfigJson.Default.RevisionView, stop);
    }

    private static async Task<JsonElement> ReadAsync(string path, CancellationToken stop)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, stop), Syntax);
            return document.RootElement.Clone();
        }
        catch (JsonException failure)
        {
            throw new IOException($"{path}: {failure.Message}", failure);
        }
    }
}
