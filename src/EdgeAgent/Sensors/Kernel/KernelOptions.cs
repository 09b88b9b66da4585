using EdgeAgent.Sensors.Kernel.Iio;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>All that is read through the kernel's own drivers.</summary>
internal sealed class KernelOptions
{
    /// <summary>Section <c>iio</c>: devices that are read channel by channel.</summary>
    public IReadOnlyList<KernelSensorOptions> Iio { get; init; } = [];

    /// <summary>Section <c>iio</c>: devices that fill the kernel's buffer.</summary>
    public IReadOnlyList<IioCaptureOptions> Captures { get; init; } = [];

    public IReadOnlyList<KernelSensorOptions> Hwmon { get; init; } = [];

    public IReadOnlyList<KernelSensorOptions> OneWire { get; init; } = [];

    public IReadOnlyList<KernelSensorOptions> Thermal { get; init; } = [];
}
