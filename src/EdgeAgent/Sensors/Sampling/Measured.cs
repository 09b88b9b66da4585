using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>A value, or why there is none. There is no value that stands for an earlier one.</summary>
internal readonly record struct Measured(double Value, Quality Quality)
{
    public static Measured Good(double value) => new(value, Quality.Good);

    /// <summary>A value that the hardware can measure; anything beyond is none.</summary>
    public static Measured Within(double value, double minimum, double maximum) =>
        value >= minimum && value <= maximum ? Good(value) : None(Quality.OutOfRange);

    public static Measured None(Quality quality) => new(0, quality);
}
