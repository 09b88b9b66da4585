using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>A device that one of the kernel's drivers serves. Entry of the sections <c>iio</c>, <c>hwmon</c>, <c>onewire</c> and <c>thermal</c>.</summary>
internal sealed class KernelSensorOptions
{
    /// <summary>Name, label or address; for 1-Wire the id; for thermal zones the type. Null: all thermal zones.</summary>
    public required string? Device { get; init; }

    /// <summary>The channels that are read, by their names or labels. Default none: all of them.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>When it is read, and where its values go.</summary>
    public required SensorOptions Sampling { get; init; }
}
