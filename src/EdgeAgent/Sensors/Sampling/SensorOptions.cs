using EdgeAgent.Spooling;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>What the configuration says of any sensor that is read at a rate, whatever it is.</summary>
internal sealed class SensorOptions
{
    /// <summary>How often it is read. Default 10 s: rooms change slower, and a battery lasts.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where within the interval. Default aligned: sensors with the same interval share their times, which saves wake-ups and bytes.</summary>
    public SamplingPhase Phase { get; init; }

    /// <summary>What the names of its series begin with: "cabinet" and "cabinet/" both give <c>cabinet/temperature</c>.</summary>
    public required string Series { get; init; }

    /// <summary>Labels of its series. They win over the device's.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public SpoolLane Lane { get; init; } = SpoolLane.Live;

    /// <summary>The entry that all of this, and what else is in it, was read from: its canonical text. Empty where it was not read.</summary>
    public string Source { get; init; } = "";

    /// <summary>The name of one of its series.</summary>
    /// <param name="level">The last level: what is measured. Empty where the name says that already.</param>
    public string SeriesOf(string level) => level.Length == 0 ? SeriesPrefix : $"{SeriesPrefix}/{level}";

    /// <summary>What all its series have in common, without the slash.</summary>
    public string SeriesPrefix => Series.TrimEnd('/');

    /// <summary>All labels of its series.</summary>
    /// <param name="device">Those that every series of the device has.</param>
    public IReadOnlyDictionary<string, string> LabelsOver(IReadOnlyDictionary<string, string> device)
    {
        var all = new Dictionary<string, string>(device, StringComparer.Ordinal);
        foreach ((string label, string value) in Labels)
        {
            all[label] = value;
        }
        return all;
    }
}
