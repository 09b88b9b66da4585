using System.Globalization;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Whether the kernel has what the configured sources need.</summary>
internal sealed class KernelCheck(ExaminedDevice device) : IDoctorCheck
{
    /// <summary>With it came version 2 of the interface of GPIO lines.</summary>
    private static readonly Version GpioSince = new(5, 10);

    public string Name => "kernel";

    public Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Diagnosis>>([.. Diagnose()]);

    private IEnumerable<Diagnosis> Diagnose()
    {
        string release = KernelText.TryRead(device.Root.At("/proc/sys/kernel/osrelease")) ?? "";
        if (release.Length == 0)
        {
            yield return Diagnosis.Skipped("", "This is no Linux: there is no hardware to be read.");
            yield break;
        }
        string board = KernelText.TryRead(device.Root.At("/proc/device-tree/model")) ?? KernelText.TryRead(device.Root.At("/sys/class/dmi/id/product_name")) ?? "an unknown board";
        bool wantsGpio = device.Known.GpioLines.Any(line => line.Pattern is null);
        yield return wantsGpio && TryReadVersion(release, out Version? version) && version < GpioSince
            ? Diagnosis.Fail("", $"Linux {release} is too old for GPIO lines.", "Update to Linux 5.10 or later.")
            : Diagnosis.Pass("", $"Linux {release} on {board}.");
        if (device.Known.I2cBuses.Any(bus => bus.Bus is not null) && KernelText.Entries(device.Root.At("/dev"), "i2c-*").Count == 0)
        {
            yield return Diagnosis.Fail("i2c-dev", "There is no /dev/i2c-N: buses cannot be used by programs.", "modprobe i2c-dev, and write i2c-dev into /etc/modules-load.d/i2c.conf.");
        }
        if (device.Known.Kernel.Iio.Count + device.Known.Kernel.Captures.Count > 0 && !Directory.Exists(device.Root.At("/sys/bus/iio")))
        {
            yield return Diagnosis.Fail("iio", "The kernel has no industrial I/O.", "modprobe industrialio, or the driver of the sensor, or a kernel that has them.");
        }
        if (device.Known.Kernel.OneWire.Count > 0 && !Directory.Exists(device.Root.At("/sys/bus/w1")))
        {
            yield return Diagnosis.Fail("w1", "The kernel has no 1-Wire.", BoardHints.Of(device.Root).OneWire);
        }
    }

    /// <summary>"6.12.34+rpt-rpi-v8": the first two numbers.</summary>
    private static bool TryReadVersion(string release, out Version? version)
    {
        string[] numbers = release.Split('.', '-', '+');
        version = numbers.Length > 1 && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor) ? new Version(major, minor) : null;
        return version is not null;
    }
}
