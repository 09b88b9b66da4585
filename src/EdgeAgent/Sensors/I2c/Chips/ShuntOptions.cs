using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>The resistor that a current is measured by.</summary>
/// <param name="Ohms">Its resistance.</param>
/// <param name="MaximumAmperes">The largest current that is expected: the finer, the smaller it is.</param>
internal sealed record ShuntOptions(double Ohms, double MaximumAmperes)
{
    /// <summary>
    /// Keys <c>shunt</c> and <c>maximumCurrent</c>. The resistance has no default: boards carry anything from 0.5 mΩ to 0.1 Ω, and a wrong one gives
    /// currents that look right.
    /// </summary>
    /// <param name="section">The entry of the chip.</param>
    /// <param name="fullScale">Volts over the shunt that the chip can measure.</param>
    public static ShuntOptions Read(ConfigSection section, double fullScale)
    {
        double ohms = section.Number("shunt", 0.000_01, 100, required: true) ?? 0.1;
        double largest = fullScale / ohms;
        double amperes = section.Number("maximumCurrent", 0.000_1, 100_000) ?? largest;
        if (amperes > largest * (1 + 1e-9))
        {
            section.Report("maximumCurrent", FormattableString.Invariant(
                $"Over {ohms} Ω the chip measures at most {largest:0.####} A. Write a current up to that, or use a smaller shunt."));
        }
        return new ShuntOptions(ohms, Math.Min(amperes, largest));
    }

    /// <summary>
    /// What the chip multiplies its shunt voltage with, so that the largest current fills 15 bits. Both datasheets: calibration = constant ÷ (step ×
    /// resistance), with the fraction cut off.
    /// </summary>
    /// <param name="constant">The chip's: 0.04096 (INA219), 0.00512 (INA226).</param>
    /// <param name="largest">The largest number that its register holds.</param>
    public ushort Calibration(double constant, ushort largest) =>
        // An even quotient may come out a rounding error too small.
        (ushort)Math.Clamp(Math.Floor((constant * 32_768 / (MaximumAmperes * Ohms)) + 1e-6), 2, largest);

    /// <summary>Amperes of one step of the current register: what the calibration as it was cut off really stands for.</summary>
    public double Step(double constant, ushort calibration) => constant / (calibration * Ohms);
}
