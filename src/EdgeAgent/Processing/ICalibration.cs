using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Processing;

/// <summary>What makes the measured quantity of a raw number.</summary>
internal interface ICalibration
{
    /// <param name="value">Raw, and then calibrated; finite.</param>
    /// <returns>
    /// <see cref="Quality.Good"/>, <see cref="Quality.Uncertain"/> where the calibration does not reach that far and the value is a guess, or
    /// <see cref="Quality.OutOfRange"/> where there is no value.
    /// </returns>
    Quality Apply(ref double value);
}
