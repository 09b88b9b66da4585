using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>The keys that every sensor has which is read at a rate.</summary>
internal static class SensorOptionsReader
{
    public static SensorOptions Read(ConfigSection section) => new()
    {
        Interval = section.Time("interval", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)),
        Series = section.Text("series", required: true) ?? "",
        Labels = section.Labels("labels"),
        Lane = LaneReader.Read(section),
    };
}
