using EdgeAgent.Configuration;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Scanning;

/// <summary>What of the device itself can be watched.</summary>
internal sealed class HostScan(HardwareRoot root, TimeProvider time) : IScan
{
    private const string Section = "host";

    public ScanKind Kind => ScanKind.Host;

    public async Task<ScanReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new ScanReport();
        report.LookedAt.Add(root.At("/proc"));
        var everything = new AgentConfiguration
        {
            Device = new DeviceOptions { Hardware = root },
            Host = new HostOptions { Sampling = new SensorOptions { Series = Section } },
        };
        using var source = new HostSensorSource(everything, time);
        ISensor device = source.Sensors.Single().Sensor;
        await device.MeasureAsync([], cancellationToken).ConfigureAwait(false);
        string[] subjects = [.. device.Quantities.Select(quantity => quantity.Name.Split('/')[0]).Distinct()];
        if (subjects.Length > 0)
        {
            report.Findings.Add(new Finding(Kind, "this device", Section, Certainty.Recognised, string.Join(", ", subjects))
            {
                Entry = new ConfigEntry(Section, JsonText.OfTexts(("series", Section))),
            });
        }
        return report;
    }
}
