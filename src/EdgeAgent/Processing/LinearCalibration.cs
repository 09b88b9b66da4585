using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Processing;

/// <summary><c>value := raw × scale + offset</c></summary>
internal sealed record LinearCalibration(double Scale, double Offset) : ICalibration
{
    public Quality Apply(ref double value)
    {
        double calibrated = (value * Scale) + Offset;
        if (!double.IsFinite(calibrated))
        {
            return Quality.OutOfRange;
        }
        value = calibrated;
        return Quality.Good;
    }
}
