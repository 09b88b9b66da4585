using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c;

/// <summary>Section <c>i2c</c>: a list of buses.</summary>
internal static class I2cOptionsReader
{
    public static IReadOnlyList<I2cBusOptions> Read(ConfigSection root)
    {
        var buses = new List<I2cBusOptions>();
        foreach (ConfigSection section in root.Sections("i2c"))
        {
            int? bus = ReadBus(section);
            if (buses.Any(other => other.Bus == bus))
            {
                section.Report("bus", "This bus stands in the list twice. Put all its sensors into one entry.");
            }
            buses.Add(new I2cBusOptions
            {
                Bus = bus,
                Seed = section.Integer("seed", 1, 0, int.MaxValue),
                Timeout = section.Time("timeout", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
                Recovery = RecoveryOptionsReader.Read(section.Section("recover")),
                Sensors = ReadSensors(section),
                Source = section.Node.Without("sensors").Canonical,
            });
        }
        return buses;
    }

    private static int? ReadBus(ConfigSection section)
    {
        ConfigNode? value = section.Any("bus", required: true);
        if (value is { Kind: ConfigNodeKind.Number } && int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int bus))
        {
            return bus;
        }
        if (value is not null && value is not { Kind: ConfigNodeKind.Text, Text: "simulated" })
        {
            section.Report("bus", $"This is {value.Describe()}. Write the number N of /dev/i2c-N, or \"simulated\".");
        }
        return null;
    }

    private static List<I2cSensorOptions> ReadSensors(ConfigSection bus)
    {
        var sensors = new List<I2cSensorOptions>();
        foreach (ConfigSection section in bus.Sections("sensors", required: true))
        {
            ChipType? chip = section.Choice<ChipType?>("chip", null, [.. ChipTypes.All.Select(type => (type.Name, (ChipType?)type))]);
            if (!section.Has("chip"))
            {
                section.Report("chip", "This key is missing. Add it.");
            }
            if (chip is null)
            {
                // What else the entry may say depends on the chip.
                section.Abandon();
                continue;
            }
            var sensor = new I2cSensorOptions
            {
                Chip = chip,
                Address = ReadAddress(section, chip.Addresses),
                Driver = chip.ReadOptions(section),
                Sampling = SensorOptionsReader.Read(section),
            };
            if (sensors.Any(other => other.Address == sensor.Address))
            {
                section.Report("address", $"Two sensors of this bus have the address 0x{sensor.Address:x2}. Give one of them another.");
            }
            sensors.Add(sensor);
        }
        return sensors;
    }

    private static int ReadAddress(ConfigSection section, IReadOnlyList<int> addresses)
    {
        ConfigNode? value = section.Any("address");
        if (value is null)
        {
            return addresses[0];
        }
        if (ConfigSection.TryReadCode(value, out ulong code) && code <= byte.MaxValue && addresses.Contains((int)code))
        {
            return (int)code;
        }
        // Four or more are always a range: pins of the chip count them out.
        string choice = addresses.Count < 4
            ? string.Join(" or ", addresses.Select(known => $"\"0x{known:x2}\""))
            : $"one from \"0x{addresses[0]:x2}\" to \"0x{addresses[^1]:x2}\"";
        section.Report("address", $"This is no address of this chip. Write {choice}.");
        return addresses[0];
    }
}
