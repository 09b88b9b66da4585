using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel.Thermal;

/// <summary>
/// Thermal zones: /sys/class/thermal/thermal_zoneN with a type and a temperature in m°C (Documentation/driver-api/thermal/sysfs-api.rst).
/// Several may have one type.
/// </summary>
/// <param name="root">Where sys is.</param>
/// <param name="zone">The type of the one zone that is read; null for all of them.</param>
internal sealed class ThermalZoneFinder(HardwareRoot root, string? zone) : IChannelFinder
{
    /// <summary>A phone has 90 zones, a board at most some ten: more would be a fault.</summary>
    private const int MaximumZones = 128;
    private const string Prefix = "thermal_zone";

    public string Description { get; } = zone is null ? "thermal zones" : $"thermal zone \"{zone}\"";

    public DeviceSearchOutcome Find(List<KernelChannel> channels)
    {
        IReadOnlyList<string> folders = KernelText.Entries(root.At("/sys/class/thermal"), $"{Prefix}*");
        if (zone is not null)
        {
            DeviceSearchOutcome outcome = DeviceSearch.Find(folders, "type", zone, out string folder);
            channels.Add(Channel(folder, "temperature"));
            return outcome;
        }
        foreach (string folder in folders.Take(MaximumZones))
        {
            string type = SeriesLevel.From(KernelText.TryRead(Path.Join(folder, "type")) ?? "");
            // The second of a type, and one without: by the number, as there is nothing else.
            bool isKnownByType = type.Length > 0 && !channels.Exists(other => other.Quantity.Name == type);
            channels.Add(Channel(folder, isKnownByType ? type : $"{type}_{Path.GetFileName(folder)[Prefix.Length..]}"));
        }
        return channels.Count > 0 ? DeviceSearchOutcome.Found : DeviceSearchOutcome.None;
    }

    private static KernelChannel Channel(string folder, string name) =>
        new(new Quantity(name, "Cel", 3), new KernelFile(Path.Join(folder, "temp")), 1e-3);
}
