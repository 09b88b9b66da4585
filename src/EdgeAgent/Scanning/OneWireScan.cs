using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Scanning;

/// <summary>What the kernel's masters have found on their 1-Wire buses: a folder each, named by family and serial number. Nothing is converted.</summary>
internal sealed class OneWireScan(HardwareRoot root) : IScan
{
    private const string Folder = "/sys/bus/w1/devices";

    public ScanKind Kind => ScanKind.OneWire;

    public Task<ScanReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new ScanReport();
        report.LookedAt.Add(root.At(Folder));
        foreach (string id in KernelText.Entries(root.At(Folder), "??-*").Select(path => Path.GetFileName(path)))
        {
            bool isThermometer = KernelOptionsReader.ThermometerFamilies.Contains(id[..2]);
            bool isServed = File.Exists(root.At($"{Folder}/{id}/w1_slave"));
            report.Findings.Add((isThermometer, isServed) switch
            {
                (true, true) => new Finding(Kind, id, "thermometer", Certainty.Recognised, "temperature")
                {
                    Entry = new ConfigEntry("onewire", JsonText.OfTexts(("sensor", id), ("series", $"onewire/{id}"))),
                },
                (true, false) => new Finding(Kind, id, "thermometer", Certainty.Present, "Its driver is not loaded: modprobe w1_therm."),
                _ => new Finding(Kind, id, "", Certainty.Present, $"Family {id[..2]} is no thermometer. A driver of the kernel may show it among hwmon or iio."),
            });
        }
        return Task.FromResult(report);
    }
}
