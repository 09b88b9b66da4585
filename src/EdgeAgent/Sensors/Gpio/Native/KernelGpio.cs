using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Sensors.Gpio.Native;

/// <summary>The kernel's chips: /dev/gpiochipN, version 2 of their interface, which Linux has since 5.10.</summary>
internal sealed class KernelGpio(HardwareRoot root) : IGpioDevices
{
    public IReadOnlyList<string> Chips
    {
        get
        {
            string folder = root.At("/dev");
            return Directory.Exists(folder)
                // Raspberry Pi OS links gpiochip4 to gpiochip0 on a Pi 5: with links each of its lines would be there twice.
                ? [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("gpiochip*").Where(device => device.LinkTarget is null)
                    .Select(device => device.Name).Order(StringComparer.Ordinal)]
                : [];
        }
    }

    public long Nanoseconds => Posix.MonotonicNanoseconds;

    public LineOutcome Open(string name, out IGpioChip? chip)
    {
        chip = null;
        SafeFileHandle descriptor = Posix.Open(root.At($"/dev/{name}"));
        if (descriptor.IsInvalid)
        {
            return LastOutcome(absent: LineOutcome.ChipAbsent);
        }
        var info = default(ChipInfo);
        if (GpioIoctl.Call(descriptor, GpioIoctl.GetChipInfo, ref info) < 0)
        {
            LineOutcome outcome = LastOutcome(absent: LineOutcome.ChipAbsent);
            descriptor.Dispose();
            return outcome;
        }
        chip = new KernelChip(descriptor, name, Text(info.Label), (int)info.Lines);
        return LineOutcome.Ready;
    }

    public ILineWait CreateWait() => new KernelWait();

    /// <summary>What the last P/Invoke error means.</summary>
    /// <param name="absent">What a missing device means.</param>
    public static LineOutcome LastOutcome(LineOutcome absent) => Marshal.GetLastPInvokeError() switch
    {
        Posix.Busy => LineOutcome.Busy,
        Posix.AccessDenied or Posix.NoPermission => LineOutcome.Denied,
        // ENXIO: the line has no interrupt. EINVAL: the kernel does not know the flags.
        Posix.Invalid or Posix.NotSupported or Posix.KernelNotSupported or Posix.NoSuchDeviceOrAddress => LineOutcome.Unsupported,
        Posix.NoSuchFile or Posix.NoSuchDevice => absent,
        _ => LineOutcome.Failed,
    };

    public static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name[..(name.IndexOf((byte)0) is >= 0 and var end ? end : name.Length)]);
}
