using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>A value, or why there is none. There is no value that stands for an earlier one.</summary>
internal readonly record struct Measured(double Value, Quality Quality)
{
    public static Measured Good(double value) => new(value, Quality.Good);

    public static Measured None(Quality quality) => new(0, quality);
}
