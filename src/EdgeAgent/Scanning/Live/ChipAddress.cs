using System.Device.I2c;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Scanning.Live;

/// <summary>
/// A chip that stands in no configuration.
/// <code>
/// chip := type "@" bus [ ":" address ]         bme280@1:0x76
/// bus  := number | "simulated"                 address: the type's first where there is none
/// </code>
/// </summary>
internal static class ChipAddress
{
    /// <param name="text">As it was typed, with an "@" in it.</param>
    /// <param name="root">Where sys is.</param>
    /// <param name="bus">A bus with this one chip; its series is the text.</param>
    /// <param name="problem">What is wrong, and what to write.</param>
    public static bool TryRead(string text, HardwareRoot root, [NotNullWhen(true)] out I2cBusOptions? bus, out string problem)
    {
        bus = null;
        string name = text[..text.IndexOf('@')];
        string[] place = text[(name.Length + 1)..].Split(':');
        ChipType? type = ChipTypes.All.FirstOrDefault(known => known.Name == name);
        if (type is null || type == ChipTypes.Registers)
        {
            string[] names = [.. ChipTypes.All.Where(known => known != ChipTypes.Registers).Select(known => known.Name)];
            problem = $"\"{name}\" is no chip that is known by its name alone.{Suggestion.For(name, names)} Write one of {string.Join(", ", names)}.";
            return false;
        }
        bool isSimulated = place[0] == "simulated";
        if (place.Length > 2 || (!int.TryParse(place[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && !isSimulated))
        {
            problem = $"\"{text}\" names no bus. Write {name}@N for /dev/i2c-N, or {name}@N:0x{type.Addresses[0]:x2}.";
            return false;
        }
        int address = type.Addresses[0];
        if (place.Length == 2 && !(TryAddress(place[1], out address) && type.Addresses.Contains(address)))
        {
            problem = $"\"{place[1]}\" is no address of {name}. Write one of {string.Join(", ", type.Addresses.Select(known => $"0x{known:x2}"))}.";
            return false;
        }
        if (!isSimulated && new I2cOwners(root, number).TryGet(address, out _, out string driver))
        {
            problem = $"The kernel's driver {driver} has address 0x{address:x2} of bus {number}. Read what it shows: edge-agent scan --only iio,hwmon.";
            return false;
        }
        if (!type.TryReadDefaults(out Func<I2cDevice, IChip> driverOf, out IReadOnlyList<string> missing))
        {
            problem = $"{name} needs more than its address: {string.Join(", ", missing)}. Put it into a configuration, and name its series here.";
            return false;
        }
        problem = "";
        bus = new I2cBusOptions
        {
            Bus = isSimulated ? null : number,
            Sensors = [new I2cSensorOptions { Chip = type, Driver = driverOf, Address = address, Sampling = new SensorOptions { Series = text } }],
        };
        return true;
    }

    private static bool TryAddress(string text, out int address) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out address);
}
