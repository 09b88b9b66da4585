using EdgeAgent.Protocol.Columns;

namespace EdgeAgent.Thinning;

/// <summary>
/// How many digits a mean gets. The quotient of a sum has sixteen, of which a sensor has never seen the last ten, and each costs a third of a byte.
/// </summary>
internal static class MeanRounding
{
    /// <summary>The share of true is given in hundredths of a percent: one of 900 readings is eleven of them.</summary>
    public const int ShareExponent = -4;

    /// <summary>
    /// One digit more than the finest value has that went in: with 21.57 and 21.6 a mean has three places. Never finer than a hundred-thousandth of the
    /// distance from the minimum to the maximum, for values that have fifteen digits themselves.
    /// </summary>
    /// <param name="finest">The exponent of the value with the most places.</param>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="maximum">The largest value; more than the smallest.</param>
    public static int Exponent(int finest, double minimum, double maximum)
    {
        // Half of each, since the distance itself may be more than a double holds.
        double half = (maximum / 2) - (minimum / 2);
        int spread = (int)Math.Floor(Math.Log10(half) + 0.30102999566398120 /* log10(2) */) - 5;
        return Math.Clamp(Math.Max(finest - 1, spread), -ScaledDecimal.MaximumExponent, ScaledDecimal.MaximumExponent);
    }

    /// <summary>The smaller one of the exponent and that of the value; at most 0, since a hundred is not known to be a multiple of ten.</summary>
    /// <param name="exponent">The finest so far.</param>
    /// <param name="value">The next value.</param>
    /// <param name="ofMean">Whether the value has the digit more that <see cref="Exponent"/> gave it.</param>
    public static sbyte Finer(sbyte exponent, double value, bool ofMean = false)
    {
        if (ScaledDecimal.TryFind(value, exponent, out _, out int own))
        {
            return (sbyte)Math.Min(exponent, ofMean ? own + 1 : own);
        }
        // More digits than a decimal holds: -0.0, which has none, or a number whose digits only the distance can bound.
        return value == 0 ? exponent : (sbyte)-ScaledDecimal.MaximumExponent;
    }
}
