using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>What a chip can measure, from its datasheet. A value outside is none.</summary>
internal readonly record struct MeasuringRange(double Minimum, double Maximum)
{
    public Measured Judge(double value) => value >= Minimum && value <= Maximum ? Measured.Good(value) : Measured.None(Quality.OutOfRange);
}
