using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>What of the device itself is watched. Section <c>host</c> of the configuration.</summary>
internal sealed class HostOptions
{
    /// <summary>What is watched. Default: everything that there is.</summary>
    public IReadOnlyList<HostSubject> Subjects { get; init; } = Enum.GetValues<HostSubject>();

    /// <summary>When it is read, and where its values go.</summary>
    public required SensorOptions Sampling { get; init; }
}
