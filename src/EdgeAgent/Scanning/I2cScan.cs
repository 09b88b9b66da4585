using System.Device.I2c;
using System.Globalization;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Scanning;

/// <summary>All I2C buses, each on a thread of its own: one that hangs holds up no other.</summary>
/// <param name="root">Where sys is.</param>
/// <param name="wanted">Numbers of the buses; none for all but those of a main board and its graphics card.</param>
/// <param name="open">Opens a bus by its number.</param>
/// <param name="configured">Buses of the configuration, of which the simulated ones are looked at.</param>
/// <param name="time">The clock of pauses and of patience.</param>
internal sealed class I2cScan(
    HardwareRoot root, IReadOnlyList<int> wanted, Func<int, I2cBus> open, IReadOnlyList<I2cBusOptions> configured, TimeProvider time) : IScan
{
    private const string Folder = "/sys/bus/i2c/devices", Prefix = "i2c-";

    public ScanKind Kind => ScanKind.I2c;

    public async Task<ScanReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new ScanReport();
        report.LookedAt.Add(root.At(Folder));
        var buses = new List<I2cBusScan>();
        foreach (int number in Numbers())
        {
            string adapter = root.At($"{Folder}/{Prefix}{number}");
            if (wanted.Count == 0 && IsOfMainBoard(adapter))
            {
                // Memory modules, clock generators and monitors: some of them hang by a plain read.
                report.Problems.Add(
                    $"Bus {number} ({KernelText.TryRead(Path.Join(adapter, "name"))}) belongs to the main board or the graphics card and was not looked at. "
                    + $"Where sensors are on it, give --bus {number}.");
                continue;
            }
            buses.Add(new I2cBusScan(number.ToString(CultureInfo.InvariantCulture), () => open(number), new I2cOwners(root, number), time));
        }
        buses.AddRange(configured.Where(bus => bus.Bus is null).Select(bus => new I2cBusScan(bus.Name, () => SimulatedI2cBus.Create(bus, time), null, time)));
        foreach (ScanReport of in await Task.WhenAll(buses.Select(bus => bus.RunAsync(cancellationToken))).ConfigureAwait(false))
        {
            report.Add(of);
        }
        return report;
    }

    private IEnumerable<int> Numbers()
    {
        if (wanted.Count > 0)
        {
            return wanted;
        }
        return KernelText.Entries(root.At(Folder), $"{Prefix}*").Select(path => Path.GetFileName(path)[Prefix.Length..])
            .Where(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(int.Parse);
    }

    /// <summary>
    /// The adapter is a function of PCI itself, as a main board's is, or a part of its graphics. A Raspberry Pi 5 has its header behind PCI too, with a
    /// device for each adapter between.
    /// </summary>
    private static bool IsOfMainBoard(string adapter)
    {
        string? target = new DirectoryInfo(adapter).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        string parent = Path.GetFileName(Path.GetDirectoryName(target)) ?? "";
        return target is not null && (target.Contains("/drm/", StringComparison.Ordinal) || IsPciFunction(parent));
    }

    /// <summary>"0000:00:1f.4": domain, bus, device, function.</summary>
    private static bool IsPciFunction(string name) => name is [.., ':', _, _, ':', _, _, '.', _] && name.Length >= "0000:00:1f.4".Length;
}
