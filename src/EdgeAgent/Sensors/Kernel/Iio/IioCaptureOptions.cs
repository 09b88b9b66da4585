using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>A device that fills the kernel's buffer at a rate. Entry of section <c>iio</c> with <c>buffer</c>.</summary>
internal sealed class IioCaptureOptions
{
    /// <summary>Its name, label or address.</summary>
    public required string Device { get; init; }

    /// <summary>The channels that are captured, as in_CHANNEL_en calls them. Default none: all that the device can buffer.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Samples a second, 0.1 to 10,000. It is set where device or trigger let it be set; gaps are measured by it.</summary>
    public required double Rate { get; init; }

    /// <summary>The name of the trigger that starts each sample; null for a device that has a clock of its own.</summary>
    public string? Trigger { get; init; }

    /// <summary>How much time the kernel's buffer spans. Default 2 s: longer than a small board was seen to be busy with anything.</summary>
    public TimeSpan Buffered { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where its values go. The interval means nothing here.</summary>
    public required SensorOptions Sampling { get; init; }

    /// <summary>Samples that the kernel's buffer holds.</summary>
    public int Length => (int)Math.Max(MinimumLength, Math.Ceiling(Rate * Buffered.TotalSeconds));

    /// <summary>Drivers refuse a buffer of less than two samples.</summary>
    private const int MinimumLength = 2;
}
