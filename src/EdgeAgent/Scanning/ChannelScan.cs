using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Hwmon;
using EdgeAgent.Sensors.Kernel.Iio;

namespace EdgeAgent.Scanning;

/// <summary>Devices of IIO or hwmon: a folder each, with a name and channels. Channels are listed and not read, as a read may convert.</summary>
internal sealed class ChannelScan : IScan
{
    private readonly HardwareRoot _root;
    private readonly string _folder;
    private readonly string _pattern;
    private readonly string _key;
    private readonly Func<string, IChannelFinder> _finder;

    private ChannelScan(ScanKind kind, HardwareRoot root, string folder, string pattern, string key, Func<string, IChannelFinder> finder) =>
        (Kind, _root, _folder, _pattern, _key, _finder) = (kind, root, folder, pattern, key, finder);

    public ScanKind Kind { get; }

    private string Section => Kind.ToString().ToLowerInvariant();

    public static ChannelScan OfIio(HardwareRoot root) =>
        new(ScanKind.Iio, root, "/sys/bus/iio/devices", "iio?device*", "device", device => new IioDeviceFinder(root, device, []));

    public static ChannelScan OfHwmon(HardwareRoot root) =>
        new(ScanKind.Hwmon, root, "/sys/class/hwmon", "hwmon*", "chip", chip => new HwmonChipFinder(root, chip, []));

    public Task<ScanReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new ScanReport();
        report.LookedAt.Add(_root.At(_folder));
        IReadOnlyList<string> folders = KernelText.Entries(_root.At(_folder), _pattern);
        var series = new HashSet<string>(StringComparer.Ordinal);
        foreach (string folder in folders)
        {
            report.Findings.Add(Describe(folders, folder, series));
        }
        return Task.FromResult(report);
    }

    private Finding Describe(IReadOnlyList<string> folders, string folder, HashSet<string> series)
    {
        string place = Path.GetFileName(folder), name = KernelText.TryRead(Path.Join(folder, "name")) ?? "";
        if (DeviceName.Of(folders, folder) is not { } word)
        {
            return new Finding(Kind, place, name, Certainty.Doubtful, "Another device has the same name, label and place: neither can be named in a configuration.");
        }
        string[] channels = Channels(word);
        if (channels.Length == 0)
        {
            return new Finding(Kind, place, name, Certainty.Present, "It has no channels that can be read.");
        }
        string remark = string.Join(", ", channels);
        if (IsOfThermalZone(folder))
        {
            return new Finding(Kind, place, name, Certainty.Present, $"{remark}: the same as the thermal zone.");
        }
        string wanted = $"{Section}/{SeriesLevel.From(name)}";
        string prefix = series.Add(wanted) ? wanted : $"{Section}/{SeriesLevel.From($"{name}-{word}")}";
        series.Add(prefix);
        return new Finding(Kind, place, name, Certainty.Recognised, remark)
        {
            Entry = new ConfigEntry(Section, JsonText.OfTexts((_key, word), ("series", prefix))),
        };
    }

    private string[] Channels(string device)
    {
        var channels = new List<KernelChannel>();
        _finder(device).Find(channels);
        string[] names = [.. channels.Select(channel => channel.Quantity.Name)];
        channels.ForEach(channel => channel.Dispose());
        return names;
    }

    /// <summary>The kernel shows the temperature of a thermal zone as a hwmon chip too.</summary>
    private static bool IsOfThermalZone(string folder) =>
        new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName.Contains("/thermal_zone", StringComparison.Ordinal) == true;
}
