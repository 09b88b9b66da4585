using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>What the entry of an <see cref="Scd4x"/> may say.</summary>
internal sealed class Scd4xOptions
{
    /// <summary>
    /// Metres above the sea. Default 0, the chip's own. Thin air holds fewer molecules in the light's way: a kilometre left out makes some
    /// 12 % of the value.
    /// </summary>
    public int AltitudeMetres { get; init; }

    /// <summary>
    /// Whether the chip takes the lowest value of some days for fresh air. Default yes, as the chip's. Wrong where fresh air never comes, as in a
    /// greenhouse.
    /// </summary>
    public bool CalibratesItself { get; init; } = true;

    public static Scd4xOptions Read(ConfigSection section) => new()
    {
        // Section 3.7.3: up to 3,000 m.
        AltitudeMetres = section.Integer("altitude", 0, 0, 3_000),
        CalibratesItself = section.Flag("selfCalibration", true),
    };
}
