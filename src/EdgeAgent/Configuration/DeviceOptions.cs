using EdgeAgent.Readings;
using EdgeAgent.Sensors;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Configuration;

/// <summary>What concerns the device as a whole. Section <c>device</c> of the configuration.</summary>
internal sealed class DeviceOptions
{
    /// <summary>Labels added to every series. A label that a source sets itself wins. Default none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    /// <summary>Series at most. Default 10,000: see <see cref="SeriesCatalog.DefaultCapacity"/>.</summary>
    public int MaximumSeries { get; set; } = SeriesCatalog.DefaultCapacity;

    /// <summary>
    /// How long stopping may take: sources stop, what is read is committed, what is committed is sent. Default 25 s: less than
    /// the 90 s after which systemd kills, and time for one more session on a slow line.
    /// </summary>
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Where the agent keeps what is neither reading nor file of a person: its certificate, revisions of its configuration. Default /var/lib/edge-agent.</summary>
    public string StateFolder { get; set; } = "/var/lib/edge-agent";

    /// <summary>
    /// Where sys, proc and dev are looked for. Default "/": the running kernel. A folder with files of the same names stands for hardware
    /// on a machine that has none, and for the host's in a container.
    /// </summary>
    public HardwareRoot Hardware { get; set; } = HardwareRoot.Kernel;

    /// <summary>The least severe messages that are logged. Default information.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;
}
