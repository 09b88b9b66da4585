using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>
/// Devices of the Industrial I/O framework: /sys/bus/iio/devices/iio:deviceN with a name and, for each channel,
/// <c>in_CHANNEL_input</c> (in the ABI's unit) or <c>in_CHANNEL_raw</c> (to be scaled).
/// </summary>
/// <param name="root">Where sys is.</param>
/// <param name="device">The device's name, label or address.</param>
/// <param name="wanted">Names or labels of channels; none for all.</param>
internal sealed class IioDeviceFinder(HardwareRoot root, string device, IReadOnlyList<string> wanted) : IChannelFinder
{
    /// <summary>iio:device0; in a folder that stands for hardware any letter in between, as Windows knows no colon in names.</summary>
    private const string Folders = "iio?device*";

    private const string Prefix = "in_";
    private static readonly string[] Values = ["_input", "_raw"];

    public string Description { get; } = $"IIO device \"{device}\"";

    public static DeviceSearchOutcome FindFolder(HardwareRoot root, string device, out string folder) =>
        DeviceSearch.Find(KernelText.Entries(root.At("/sys/bus/iio/devices"), Folders), "name", device, out folder);

    public DeviceSearchOutcome Find(List<KernelChannel> channels)
    {
        DeviceSearchOutcome outcome = FindFolder(root, device, out string folder);
        if (outcome != DeviceSearchOutcome.Found)
        {
            return outcome;
        }
        // Where a driver offers both, what it has processed is better: it may know a curve that one scale does not have.
        foreach (string suffix in Values)
        {
            foreach (string file in KernelText.Entries(folder, $"{Prefix}*{suffix}"))
            {
                string channel = Path.GetFileName(file)[Prefix.Length..^suffix.Length];
                string? label = KernelText.TryRead(Path.Join(folder, $"{Prefix}{channel}_label"));
                string name = SeriesLevel.From(string.IsNullOrEmpty(label) ? channel : label);
                if (IsWanted(channel, label) && name.Length > 0 && !channels.Exists(other => other.Quantity.Name == name))
                {
                    channels.Add(Channel(folder, channel, name, new KernelFile(file), isRaw: suffix == "_raw"));
                }
            }
        }
        return outcome;
    }

    private bool IsWanted(string channel, string? label) => wanted.Count == 0 || wanted.Contains(channel) || (label is not null && wanted.Contains(label));

    private static KernelChannel Channel(string folder, string channel, string name, KernelFile file, bool isRaw)
    {
        IioUnit unit = IioUnit.Of(channel);
        var quantity = new Quantity(name, unit.Unit, unit.Decimals);
        if (!isRaw)
        {
            return new KernelChannel(quantity, file, unit.Factor);
        }
        IioScale scale = IioScale.Read(folder, channel);
        return new KernelChannel(quantity, file, scale.Scale * unit.Factor, scale.Offset, scale.Decimals(unit.Factor));
    }
}
