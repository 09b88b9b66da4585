using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>Sections <c>iio</c>, <c>hwmon</c>, <c>onewire</c> and <c>thermal</c>: each a list of devices.</summary>
internal static class KernelOptionsReader
{
    /// <summary>Families that the kernel's w1_therm driver serves: DS18S20, DS1822, DS18B20, DS1825, DS28EA00.</summary>
    internal static readonly string[] ThermometerFamilies = ["10", "22", "28", "3b", "42"];

    public static KernelOptions Read(ConfigSection root)
    {
        var polled = new List<KernelSensorOptions>();
        var captured = new List<IioCaptureOptions>();
        foreach (ConfigSection section in root.Sections("iio"))
        {
            string device = ReadDevice(section, "device");
            if (IioCaptureOptionsReader.Read(section, device) is { } capture)
            {
                captured.Add(capture);
            }
            else
            {
                polled.Add(ReadSensor(section, device));
            }
        }
        return new KernelOptions
        {
            Iio = polled,
            Captures = captured,
            Hwmon = [.. root.Sections("hwmon").Select(section => ReadSensor(section, ReadDevice(section, "chip")))],
            OneWire = [.. root.Sections("onewire").Select(ReadThermometer)],
            Thermal = [.. root.Sections("thermal").Select(section =>
                new KernelSensorOptions { Device = section.Text("zone"), Sampling = SensorOptionsReader.Read(section) })],
        };
    }

    private static KernelSensorOptions ReadSensor(ConfigSection section, string device) => new()
    {
        Device = device,
        Channels = [.. section.Texts("channels").Select(channel => channel.Text)],
        Sampling = SensorOptionsReader.Read(section),
    };

    private static KernelSensorOptions ReadThermometer(ConfigSection section)
    {
        string id = ReadDevice(section, "sensor");
        bool isId = id.Split('-') is [var family, var serial]
            && ThermometerFamilies.Contains(family) && serial.Length == 12 && serial.All(char.IsAsciiHexDigitLower);
        if (id.Length > 0 && !isId)
        {
            section.Report(
                "sensor", $"\"{id}\" is not the id of a thermometer. Write it as the kernel does under /sys/bus/w1/devices, such as \"28-0316a2795ee4\".");
        }
        return new KernelSensorOptions { Device = id, Sampling = SensorOptionsReader.Read(section) };
    }

    /// <summary>Something that stays the same, never the number that the kernel happened to give.</summary>
    private static string ReadDevice(ConfigSection section, string key)
    {
        string device = section.Text(key, required: true) ?? "";
        if (device.StartsWith("iio:device", StringComparison.Ordinal)
            || (device.StartsWith("hwmon", StringComparison.Ordinal) && int.TryParse(device.AsSpan("hwmon".Length), out _)))
        {
            section.Report(
                key, $"\"{device}\" may be another device after the next start. Write what its file \"name\" or \"label\" says, or its address, such as \"1-0076\".");
        }
        return device;
    }
}
