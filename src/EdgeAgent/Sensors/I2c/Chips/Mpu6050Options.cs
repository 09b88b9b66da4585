using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>What the entry of an <see cref="Mpu6050"/> may say.</summary>
internal sealed class Mpu6050Options
{
    /// <summary>AFS_SEL: the range is ±2 g, doubled this many times. Default 0: tilt and slow movement are within ±2 g, and resolve best there.</summary>
    public int AccelerationDoublings { get; init; }

    /// <summary>FS_SEL: the range is ±250 °/s, doubled this many times. Default 0, for the same reason.</summary>
    public int RotationDoublings { get; init; }

    public static Mpu6050Options Read(ConfigSection section) => new()
    {
        AccelerationDoublings = section.Choice("accelerationRange", 0, ("2g", 0), ("4g", 1), ("8g", 2), ("16g", 3)),
        RotationDoublings = section.Choice("rotationRange", 0, ("250deg/s", 0), ("500deg/s", 1), ("1000deg/s", 2), ("2000deg/s", 3)),
    };
}
