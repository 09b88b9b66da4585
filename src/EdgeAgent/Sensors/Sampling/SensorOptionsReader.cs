using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>The keys that every sensor has which is read at a rate.</summary>
internal static class SensorOptionsReader
{
    /// <summary>1,000 Hz: what a thread of its own still does in time on a small board.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>A week: what is read more rarely is read by people.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(7);

    public static SensorOptions Read(ConfigSection section)
    {
        TimeSpan interval = section.Time("interval", TimeSpan.FromSeconds(10), ShortestInterval, LongestInterval);
        return new SensorOptions
        {
            Interval = interval,
            Phase = ReadPhase(section, interval),
            Series = section.Text("series", required: true) ?? "",
            Labels = section.Labels("labels"),
            Lane = LaneReader.Read(section),
            Source = section.Node.Canonical,
        };
    }

    private static SamplingPhase ReadPhase(ConfigSection section, TimeSpan interval)
    {
        string text = section.Text("phase", "aligned");
        switch (text)
        {
            case "aligned":
                return default;
            case "spread":
                return new SamplingPhase(PhaseKind.Spread);
        }
        if (!Duration.TryParse(text, out TimeSpan offset) || offset >= interval)
        {
            section.Report("phase", $"\"{text}\" is no phase. Write \"aligned\", \"spread\", or a duration shorter than the interval, such as \"250ms\".");
            return default;
        }
        return new SamplingPhase(PhaseKind.Fixed, offset);
    }
}
