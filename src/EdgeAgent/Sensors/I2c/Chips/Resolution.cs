namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>From a chip's smallest step to decimal places.</summary>
internal static class Resolution
{
    /// <summary>The fewest decimals (0 to 15) whose last place is no larger than the step: 0.0625 gives 2, 0.000125 gives 4.</summary>
    public static int Decimals(double step) =>
        // A power of ten may come out of the logarithm a rounding error too large.
        (int)Math.Clamp(Math.Ceiling(-Math.Log10(Math.Abs(step)) - 1e-9), 0, 15);
}
