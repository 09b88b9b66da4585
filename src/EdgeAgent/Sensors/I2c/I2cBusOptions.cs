using System.Device.I2c;
using System.Globalization;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c;

/// <summary>A bus and what is on it. Entry of section <c>i2c</c> of the configuration.</summary>
internal sealed class I2cBusOptions
{
    /// <summary>The number N of /dev/i2c-N; null for the simulated bus.</summary>
    public required int? Bus { get; init; }

    /// <summary>Where the simulated weather starts from. Default 1: the same weather each time.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// How long a sensor's turn may take before the bus counts as stuck. Default 2 s: three attempts of half a second each, as the bus makes
    /// them, and some.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What may be done about it then.</summary>
    public RecoveryOptions Recovery { get; init; } = new();

    public required IReadOnlyList<I2cSensorOptions> Sensors { get; init; }

    /// <summary>What its sensors inherit: the canonical text of the entry without them. Empty where it was not read.</summary>
    public string Source { get; init; } = "";

    /// <summary>"1", or "simulated".</summary>
    public string Name => Bus?.ToString(CultureInfo.InvariantCulture) ?? "simulated";
}

/// <summary>One chip on a bus.</summary>
internal sealed class I2cSensorOptions
{
    public required ChipType Chip { get; init; }

    /// <summary>Makes the driver, with what the entry says of this kind of chip.</summary>
    public required Func<I2cDevice, IChip> Driver { get; init; }

    /// <summary>The 7-bit address. Default: the chip's own with its address pin low.</summary>
    public required int Address { get; init; }

    /// <summary>When it is read, and where its values go.</summary>
    public required SensorOptions Sampling { get; init; }
}
