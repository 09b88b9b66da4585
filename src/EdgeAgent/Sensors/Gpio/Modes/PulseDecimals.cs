namespace EdgeAgent.Sensors.Gpio.Modes;

/// <summary>How many decimal places a scaled count of pulses has; more would be noise of the division.</summary>
internal static class PulseDecimals
{
    /// <summary>What a reading may have.</summary>
    private const int Most = 15;

    /// <summary>Behind a scale that has no end as a decimal: a millionth of a pulse.</summary>
    private const int Periodic = 6;

    /// <summary>As many as the scale itself: 0.001 has 3, so that each count is exact.</summary>
    public static int OfCount(double scale)
    {
        for (int decimals = 0; decimals <= Most - Periodic; decimals++)
        {
            if (Math.Round(scale, decimals) == scale)
            {
                return decimals;
            }
        }
        return Math.Clamp(Periodic - Exponent(scale), 0, Most);
    }

    /// <summary>A thousandth of a pulse a second.</summary>
    public static int OfRate(double scale) => Math.Clamp(3 - Exponent(scale), 0, Most);

    private static int Exponent(double scale) => (int)Math.Floor(Math.Log10(Math.Abs(scale)));
}
