using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Hwmon;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Scanning.Live;

/// <summary>A device of the kernel by the word that a configuration would have: of IIO, hwmon, 1-Wire, a thermal zone.</summary>
internal static class KernelName
{
    /// <returns>Null where there is no such device; where there are several, one that reads them as a configuration would, which is not at all.</returns>
    public static KernelOptions? Find(HardwareRoot root, string name)
    {
        KernelSensorOptions[] one = [new KernelSensorOptions { Device = name, Sampling = new SensorOptions { Series = name } }];
        if (IsThere(new IioDeviceFinder(root, name, [])))
        {
            return new KernelOptions { Iio = one };
        }
        if (IsThere(new HwmonChipFinder(root, name, [])))
        {
            return new KernelOptions { Hwmon = one };
        }
        if (name.Length > 3 && name[2] == '-' && File.Exists(root.At($"/sys/bus/w1/devices/{Path.GetFileName(name)}/w1_slave")))
        {
            return new KernelOptions { OneWire = one };
        }
        bool isZone = KernelText.Entries(root.At("/sys/class/thermal"), "thermal_zone*").Any(zone => KernelText.TryRead(Path.Join(zone, "type")) == name);
        return isZone ? new KernelOptions { Thermal = one } : null;
    }

    /// <summary>Names of all that can be named so, to suggest from.</summary>
    public static IEnumerable<string> All(HardwareRoot root) =>
    [
        .. Names(root, "/sys/bus/iio/devices", "name"), .. Names(root, "/sys/class/hwmon", "name"), .. Names(root, "/sys/class/thermal", "type"),
        .. KernelText.Entries(root.At("/sys/bus/w1/devices"), "??-*").Select(path => Path.GetFileName(path)),
    ];

    private static IEnumerable<string> Names(HardwareRoot root, string folder, string file) =>
        KernelText.Entries(root.At(folder), "*").Select(path => KernelText.TryRead(Path.Join(path, file)) ?? "").Where(name => name.Length > 0);

    private static bool IsThere(IChannelFinder finder)
    {
        var channels = new List<KernelChannel>();
        DeviceSearchOutcome outcome = finder.Find(channels);
        channels.ForEach(channel => channel.Dispose());
        return outcome != DeviceSearchOutcome.None;
    }
}
