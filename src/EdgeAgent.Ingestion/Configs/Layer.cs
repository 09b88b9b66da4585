using EdgeAgent.Ingestion.Identity;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>For whom a part of the configuration is.</summary>
internal enum LayerKind
{
    /// <summary>All devices.</summary>
    Fleet,

    /// <summary>The devices of a group.</summary>
    Group,

    /// <summary>One device.</summary>
    Device,
}

/// <summary>
/// One part of what devices should run. A later one is laid over the earlier ones: fleet, the device's groups in their order, the device itself.
/// <code>
/// layer := "fleet" | "group:" name | "device:" name
/// name  := 1 to 64 letters, digits, '.', '_', '-'
/// </code>
/// </summary>
internal readonly record struct Layer(LayerKind Kind, string Name)
{
    public static readonly Layer Fleet = new(LayerKind.Fleet, "");

    private const string FleetText = "fleet";
    private const string GroupPrefix = "group:";
    private const string DevicePrefix = "device:";

    public static Layer OfGroup(string name) => new(LayerKind.Group, name);

    public static Layer OfDevice(string name) => new(LayerKind.Device, name);

    public static bool TryParse(string text, out Layer layer)
    {
        layer = text switch
        {
            FleetText => Fleet,
            _ when text.StartsWith(GroupPrefix, StringComparison.Ordinal) => OfGroup(text[GroupPrefix.Length..]),
            _ when text.StartsWith(DevicePrefix, StringComparison.Ordinal) => OfDevice(text[DevicePrefix.Length..]),
            _ => OfDevice(""),
        };
        return layer == Fleet || DeviceName.IsValid(layer.Name);
    }

    public override string ToString() => Kind switch
    {
        LayerKind.Fleet => FleetText,
        LayerKind.Group => GroupPrefix + Name,
        _ => DevicePrefix + Name,
    };
}
