using System.Text.Json.Nodes;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// What a configuration from the cloud may not say, and what it may say only where somebody means it. The device decides this again; here it is found before
/// anything is sent.
/// </summary>
internal static class ReservedKeys
{
    /// <summary>Pointers of what the device's own file alone decides: who the device is, what it runs on, and what it lets the cloud do.</summary>
    private static readonly HashSet<string> OwnFile =
    [
        "/identity", "/remote", "/device/state", "/device/hardware", "/spool/path", "/cloud/certificate", "/cloud/key",
    ];

    private const string Cloud = "cloud";

    /// <summary>What says in <c>cloud</c> where the cloud is and how it is known again: with this wrong a device may never be heard of again.</summary>
    private static readonly string[] Bootstrap =
    [
        "endpoint", "endpoints", "serverName", "ca", "pin", "proxy", "proxyUser", "proxyPassword", "proxyCa",
    ];

    public static bool BelongsToOwnFile(string pointer) => OwnFile.Contains(pointer);

    /// <summary>Whether something in what is there belongs to the device's own file, so that anything but an object would take it away.</summary>
    public static bool HoldsOwnFile(string pointer) => OwnFile.Any(own => own.StartsWith(pointer + '/', StringComparison.Ordinal));

    /// <summary>The pointers at which two documents say something different about where the cloud is.</summary>
    public static IReadOnlyList<string> BootstrapChanges(JsonObject before, JsonObject after) =>
        [.. Bootstrap.Where(key => !Same(before[Cloud] as JsonObject, after[Cloud] as JsonObject, key)).Select(key => $"/{Cloud}/{key}")];

    // Null is not the same as nothing: it takes away what the device's own file says.
    private static bool Same(JsonObject? before, JsonObject? after, string key) =>
        (before?.ContainsKey(key) ?? false) == (after?.ContainsKey(key) ?? false) && JsonNode.DeepEquals(before?[key], after?[key]);
}
