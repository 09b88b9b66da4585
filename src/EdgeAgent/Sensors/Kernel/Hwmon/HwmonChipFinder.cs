using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel.Hwmon;

/// <summary>
/// Chips of the hardware monitoring framework: /sys/class/hwmon/hwmonN with a name and, for each channel, a file <c>TYPEn_input</c>, maybe a label,
/// a fault (the diode is open: there is no value) and alarms (a limit is passed: the value is uncertain).
/// </summary>
/// <param name="root">Where sys is.</param>
/// <param name="chip">The chip's name, label or address.</param>
/// <param name="wanted">Names or labels of channels; none for all.</param>
internal sealed class HwmonChipFinder(HardwareRoot root, string chip, IReadOnlyList<string> wanted) : IChannelFinder
{
    public string Description { get; } = $"hwmon chip \"{chip}\"";

    public DeviceSearchOutcome Find(List<KernelChannel> channels)
    {
        DeviceSearchOutcome outcome = DeviceSearch.Find(KernelText.Entries(root.At("/sys/class/hwmon"), "hwmon*"), "name", chip, out string folder);
        if (outcome != DeviceSearchOutcome.Found)
        {
            return outcome;
        }
        foreach (HwmonUnit unit in HwmonUnit.All)
        {
            foreach (string file in KernelText.Entries(folder, $"{unit.Type}*{unit.Attribute}"))
            {
                Add(channels, folder, unit, file, Path.GetFileName(file)[..^unit.Attribute.Length]);
            }
        }
        return outcome;
    }

    private void Add(List<KernelChannel> channels, string folder, HwmonUnit unit, string file, string channel)
    {
        string? label = KernelText.TryRead(Path.Join(folder, $"{channel}_label"));
        bool isWanted = wanted.Count == 0 || wanted.Contains(channel) || (label is not null && wanted.Contains(label));
        if (!isWanted || !IsNumbered(channel, unit.Type))
        {
            return;
        }
        string name = SeriesLevel.From(string.IsNullOrEmpty(label) ? channel : label);
        // Two channels of one label, as some boards have it: the second goes by its own name.
        if (name.Length == 0 || channels.Exists(other => other.Quantity.Name == name))
        {
            name = channel;
        }
        channels.Add(new KernelChannel(new Quantity(name, unit.Unit, unit.Decimals), new KernelFile(file), unit.Factor) { Flags = Flags(folder, channel) });
    }

    /// <summary>A channel is its type and a number: "in*_input" finds more than that.</summary>
    private static bool IsNumbered(string channel, string type) =>
        channel.Length > type.Length && !channel.AsSpan(type.Length).ContainsAnyExceptInRange('0', '9');

    private static List<ChannelFlag> Flags(string folder, string channel) =>
    [
        .. KernelText.Entries(folder, $"{channel}_fault").Select(file => new ChannelFlag(new KernelFile(file), Quality.OutOfRange)),
        .. KernelText.Entries(folder, $"{channel}_*alarm").Select(file => new ChannelFlag(new KernelFile(file), Quality.Uncertain)),
    ];
}
