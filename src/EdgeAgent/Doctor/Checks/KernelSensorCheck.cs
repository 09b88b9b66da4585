using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Each device that is read through a driver of the kernel: whether it is there, under one name. Its values are not read, as a read may convert.</summary>
internal sealed class KernelSensorCheck(ExaminedDevice device) : IDoctorCheck
{
    public string Name => "drivers";

    public Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken)
    {
        KernelOptions kernel = device.Known.Kernel;
        Diagnosis[] found =
        [
            .. kernel.Iio.Select(sensor => Look("iio", "/sys/bus/iio/devices", "iio?device*", "name", sensor.Device)),
            .. kernel.Captures.Select(capture => Look("iio", "/sys/bus/iio/devices", "iio?device*", "name", capture.Device)),
            .. kernel.Hwmon.Select(sensor => Look("hwmon", "/sys/class/hwmon", "hwmon*", "name", sensor.Device)),
            .. kernel.Thermal.Select(sensor => Look("thermal", "/sys/class/thermal", "thermal_zone*", "type", sensor.Device)),
            .. kernel.OneWire.Select(sensor => OfOneWire(sensor.Device!)),
        ];
        return Task.FromResult<IReadOnlyList<Diagnosis>>(found.Length == 0 ? [Diagnosis.Skipped("", "Nothing is read through the kernel's drivers.")] : found);
    }

    private Diagnosis Look(string kind, string folder, string pattern, string nameFile, string? wanted)
    {
        IReadOnlyList<string> folders = KernelText.Entries(device.Root.At(folder), pattern);
        string subject = $"{kind} {wanted ?? "(all)"}";
        if (wanted is null)
        {
            return folders.Count > 0 ? Diagnosis.Pass(subject, $"There are {folders.Count}.") : Diagnosis.Fail(subject, $"There are none in {device.Root.At(folder)}.", "Remove the entry: this board has none.");
        }
        return DeviceSearch.Find(folders, nameFile, wanted, out string found) switch
        {
            DeviceSearchOutcome.Found => Diagnosis.Pass(subject, $"It is {Path.GetFileName(found)}."),
            DeviceSearchOutcome.Several => Diagnosis.Fail(subject, "Several devices fit.", "Write a part of its path, such as 1-0076; edge-agent scan shows them."),
            _ => Diagnosis.Fail(subject, $"There is none among the {folders.Count} in {device.Root.At(folder)}.", "Look at the wires, and whether its driver is loaded (an overlay, modprobe); edge-agent scan shows what is there."),
        };
    }

    private Diagnosis OfOneWire(string id)
    {
        string folder = device.Root.At($"/sys/bus/w1/devices/{id}");
        return !Directory.Exists(folder)
            ? Diagnosis.Fail($"1-Wire {id}", "It is not on the bus.", $"Look at its wires and the pull-up of 4.7 kΩ. {BoardHints.Of(device.Root).OneWire}")
            : !File.Exists(Path.Join(folder, "w1_slave")) ? Diagnosis.Fail($"1-Wire {id}", "Its driver is not loaded.", "modprobe w1_therm") : Diagnosis.Pass($"1-Wire {id}", "It is there.");
    }
}
