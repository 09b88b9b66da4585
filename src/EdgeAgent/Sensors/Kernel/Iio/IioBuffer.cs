using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>
/// A buffer of the kernel that a device fills at each tick of its trigger (Documentation/iio/iio_devbuf.rst): set up through the device's
/// folder, read as records from /dev/iio:deviceN, stopped when disposed of.
/// </summary>
internal sealed class IioBuffer : IDisposable
{
    private const string Suffix = "_en";
    private const string Prefix = "in_";

    private readonly SafeFileHandle _device;

    private IioBuffer(string folder, ScanLayout layout, SafeFileHandle device, bool countsSinceBoot) =>
        (Folder, Layout, _device, CountsSinceBoot) = (folder, layout, device, countsSinceBoot);

    public string Folder { get; }

    public ScanLayout Layout { get; }

    /// <summary>The timestamps are of the clock that nobody sets; else of the wall clock, as kernels before 4.8 know no other.</summary>
    public bool CountsSinceBoot { get; }

    public static IioBufferOutcome TryStart(HardwareRoot root, IioCaptureOptions options, out IioBuffer? buffer)
    {
        buffer = null;
        DeviceSearchOutcome search = IioDeviceFinder.FindFolder(root, options.Device, out string folder);
        if (search != DeviceSearchOutcome.Found)
        {
            return search == DeviceSearchOutcome.None ? IioBufferOutcome.DeviceMissing : IioBufferOutcome.DeviceAmbiguous;
        }
        // Whatever an earlier run left: a buffer that is enabled takes no settings.
        KernelText.TryWrite(Path.Join(folder, "buffer/enable"), "0");
        if (!SetTrigger(root, options, folder))
        {
            return IioBufferOutcome.TriggerMissing;
        }
        if (ScanLayout.Of(Enable(folder, options.Channels)) is not { } layout)
        {
            return IioBufferOutcome.NothingToCapture;
        }
        bool countsSinceBoot = KernelText.TryWrite(Path.Join(folder, "current_timestamp_clock"), "boottime");
        KernelText.TryWrite(Path.Join(folder, "buffer/length"), options.Length.ToString(CultureInfo.InvariantCulture));
        if (!KernelText.TryWrite(Path.Join(folder, "buffer/enable"), "1"))
        {
            return IioBufferOutcome.Refused;
        }
        if (CharacterDevice.TryOpen(root.At($"/dev/{Path.GetFileName(folder)}")) is not { } device)
        {
            KernelText.TryWrite(Path.Join(folder, "buffer/enable"), "0");
            return IioBufferOutcome.Refused;
        }
        buffer = new IioBuffer(folder, layout, device, countsSinceBoot);
        return IioBufferOutcome.Started;
    }

    /// <inheritdoc cref="CharacterDevice.TryRead"/>
    public bool TryRead(Span<byte> records, out int length) => CharacterDevice.TryRead(_device, records, out length);

    public void Dispose()
    {
        _device.Dispose();
        KernelText.TryWrite(Path.Join(Folder, "buffer/enable"), "0");
    }

    /// <summary>Each that has a rate to be set gets it; one that has none runs at the rate of its hardware.</summary>
    private static bool SetTrigger(HardwareRoot root, IioCaptureOptions options, string folder)
    {
        string rate = options.Rate.ToString(CultureInfo.InvariantCulture);
        if (options.Trigger is not { } trigger)
        {
            KernelText.TryWrite(Path.Join(folder, "sampling_frequency"), rate);
            return true;
        }
        IReadOnlyList<string> triggers = KernelText.Entries(root.At("/sys/bus/iio/devices"), "trigger*");
        if (DeviceSearch.Find(triggers, "name", trigger, out string triggerFolder) != DeviceSearchOutcome.Found)
        {
            return false;
        }
        KernelText.TryWrite(Path.Join(triggerFolder, "sampling_frequency"), rate);
        return KernelText.TryWrite(Path.Join(folder, "trigger/current_trigger"), trigger);
    }

    /// <summary>Enables what is wanted and the timestamp, and nothing else.</summary>
    private static IEnumerable<(string Name, int Index, ScanElement Element)> Enable(string folder, IReadOnlyList<string> wanted)
    {
        string elements = Path.Join(folder, "scan_elements");
        foreach (string file in KernelText.Entries(elements, $"{Prefix}*{Suffix}"))
        {
            string name = Path.GetFileName(file)[Prefix.Length..^Suffix.Length];
            bool isDescribed = ScanElement.TryParse(KernelText.TryRead(Path.Join(elements, $"{Prefix}{name}_type")), out ScanElement element)
                & int.TryParse(KernelText.TryRead(Path.Join(elements, $"{Prefix}{name}_index")), NumberStyles.None, CultureInfo.InvariantCulture, out int index);
            bool isTaken = isDescribed && (name == ScanLayout.Timestamp || wanted.Count == 0 || wanted.Contains(name));
            if (KernelText.TryWrite(file, isTaken ? "1" : "0") && isTaken)
            {
                yield return (name, index, element);
            }
        }
    }
}
