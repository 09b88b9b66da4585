using EdgeAgent.Spooling;

namespace EdgeAgent.Sensors.I2c;

/// <summary>A bus and what is on it. Entry of section <c>i2c</c> of the configuration.</summary>
internal sealed class I2cBusOptions
{
    /// <summary>The number N of /dev/i2c-N; null for the simulated bus.</summary>
    public required int? Bus { get; init; }

    /// <summary>Where the simulated weather starts from. Default 1: the same weather each time.</summary>
    public int Seed { get; init; } = 1;

    public required IReadOnlyList<I2cSensorOptions> Sensors { get; init; }
}

/// <summary>One chip on a bus.</summary>
internal sealed class I2cSensorOptions
{
    public required I2cChip Chip { get; init; }

    /// <summary>The 7-bit address. Default: the chip's own with its address pin low.</summary>
    public required int Address { get; init; }

    /// <summary>How often it is read. Default 10 s: rooms change slower, and a battery lasts.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the names of its series begin with: "cabinet" and "cabinet/" both give <c>cabinet/temperature</c>.</summary>
    public required string Series { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public SpoolLane Lane { get; init; } = SpoolLane.Live;
}

internal enum I2cChip
{
    /// <summary>Bosch BME280: temperature, humidity, pressure.</summary>
    Bme280,

    /// <summary>Sensirion SHT30, SHT31, SHT35: temperature, humidity.</summary>
    Sht3x,
}
