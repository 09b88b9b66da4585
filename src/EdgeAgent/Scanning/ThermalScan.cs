using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Thermal;

namespace EdgeAgent.Scanning;

/// <summary>The thermal zones, which one entry reads all of.</summary>
internal sealed class ThermalScan(HardwareRoot root) : IScan
{
    public ScanKind Kind => ScanKind.Thermal;

    public Task<ScanReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new ScanReport();
        report.LookedAt.Add(root.At("/sys/class/thermal"));
        var zones = new List<KernelChannel>();
        new ThermalZoneFinder(root, null).Find(zones);
        if (zones.Count > 0)
        {
            report.Findings.Add(new Finding(Kind, "thermal zones", "thermal", Certainty.Recognised, string.Join(", ", zones.Select(zone => zone.Quantity.Name)))
            {
                Entry = new ConfigEntry("thermal", JsonText.OfTexts(("series", "thermal"))),
            });
        }
        zones.ForEach(zone => zone.Dispose());
        return Task.FromResult(report);
    }
}
