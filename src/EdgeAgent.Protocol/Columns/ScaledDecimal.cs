namespace EdgeAgent.Protocol.Columns;

/// <summary>
/// Numbers as <c>mantissa × 10^exponent</c>. Powers of ten up to 10^22 and integers up to 2^53 are exact doubles, so one IEEE
/// operation on them is correctly rounded: it gives the double nearest to the decimal, which is the double that a sensor driver
/// or a parser made of the decimal in the first place. That is why the exact bits come back.
/// </summary>
public static class ScaledDecimal
{
    /// <summary>The largest power of ten that is a double exactly.</summary>
    public const int MaximumExponent = 22;

    /// <summary>Up to here every integer is a double exactly.</summary>
    public const long MaximumMantissa = 1L << 53;

    /// <summary>
    /// Up to here the rounding errors of a value and of its product with a power of ten, half a unit in the 53rd bit each, sum up to
    /// less than a half: the nearest integer is the mantissa. Beyond, a neighbour may also give back the value, with more digits.
    /// </summary>
    private const long SurelyFound = 1L << 51;

    private static readonly double[] Powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>10^i as far as a mantissa can be multiplied by it at all: 10^16 exceeds 2^53.</summary>
    private static readonly long[] IntegerPowers =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    ];

    /// <summary>The decoder's formula, which the encoder uses as its proof.</summary>
    public static double ToDouble(long mantissa, int exponent) =>
        exponent < 0 ? mantissa / Powers[-exponent] : mantissa * Powers[exponent];

    /// <summary>
    /// Finds a decimal that gives back the value bit for bit, without trailing zeros in its mantissa. Zero is 0 × 10^0. The hint is an
    /// exponent to try first: values of one series usually have the same.
    /// </summary>
    /// <returns>False where there is none: NaN, infinities, -0.0, and numbers with more digits than 2^53 has.</returns>
    public static bool TryFind(double value, int hint, out long mantissa, out int exponent)
    {
        if (TryAt(value, exponent = hint, out mantissa) && Math.Abs(mantissa) <= SurelyFound)
        {
            Shorten(ref mantissa, ref exponent);
            return true;
        }
        // The finest exponent whose mantissa surely stays below 2^51 for every number of this binary magnitude. Any decimal of up
        // to 15 digits is an integer at this scale, so that one trial finds it. Decimals of 16 digits need one step more.
        int magnitude = (int)((BitConverter.DoubleToUInt64Bits(value) >> 52) & 0x7FF) - 1023;
        exponent = Math.Max((int)Math.Ceiling((magnitude + 1 - 51) * 0.30102999566398120 /* log10(2) */), -MaximumExponent);
        if (exponent > MaximumExponent)
        {
            return false;
        }
        if (TryAt(value, exponent, out mantissa) || (exponent > -MaximumExponent && TryAt(value, --exponent, out mantissa)))
        {
            Shorten(ref mantissa, ref exponent);
            return true;
        }
        return false;
    }

    /// <summary>The decimal of this exponent that is nearest to the value; of two, the one with the even mantissa.</summary>
    /// <returns>The value itself where its mantissa would exceed 2^53: it has no more digits than that anyway.</returns>
    public static double Round(double value, int exponent)
    {
        double scaled = Math.Round(exponent < 0 ? value * Powers[-exponent] : value / Powers[exponent]);
        return Math.Abs(scaled) <= MaximumMantissa ? ToDouble((long)scaled, exponent) : value;
    }

    /// <summary>The mantissa of the same decimal at an exponent that is smaller by some steps.</summary>
    /// <returns>False where it would exceed 2^53.</returns>
    public static bool TryRescale(long mantissa, int steps, out long rescaled)
    {
        if (mantissa == 0 || steps == 0)
        {
            rescaled = mantissa;
            return true;
        }
        if ((uint)steps >= (uint)IntegerPowers.Length)
        {
            rescaled = 0;
            return false;
        }
        long power = IntegerPowers[steps];
        // Both factors are below 2^53, so the high half of the product tells whether it overflowed.
        long high = Math.BigMul(mantissa, power, out rescaled);
        return high == rescaled >> 63 && IsMantissa(rescaled);
    }

    /// <summary>From -2^53 to 2^53. One comparison: what lies below wraps around to above.</summary>
    public static bool IsMantissa(long value) => (ulong)(value + MaximumMantissa) <= 2 * MaximumMantissa;

    private static bool TryAt(double value, int exponent, out long mantissa)
    {
        double scaled = Math.Round(exponent < 0 ? value * Powers[-exponent] : value / Powers[exponent]);
        if (!(Math.Abs(scaled) <= MaximumMantissa))
        {
            mantissa = 0;
            return false;
        }
        mantissa = (long)scaled;
        return BitConverter.DoubleToInt64Bits(ToDouble(mantissa, exponent)) == BitConverter.DoubleToInt64Bits(value);
    }

    /// <summary>Strips up to 15 trailing zeros by halving: 8, 4, 2, 1.</summary>
    private static void Shorten(ref long mantissa, ref int exponent)
    {
        if (mantissa == 0)
        {
            exponent = 0;
            return;
        }
        if (mantissa % 10 != 0)
        {
            return;
        }
        while (mantissa % 100_000_000 == 0 && exponent <= MaximumExponent - 8)
        {
            mantissa /= 100_000_000;
            exponent += 8;
        }
        if (mantissa % 10_000 == 0 && exponent <= MaximumExponent - 4)
        {
            mantissa /= 10_000;
            exponent += 4;
        }
        if (mantissa % 100 == 0 && exponent <= MaximumExponent - 2)
        {
            mantissa /= 100;
            exponent += 2;
        }
        if (mantissa % 10 == 0 && exponent <= MaximumExponent - 1)
        {
            mantissa /= 10;
            exponent += 1;
        }
    }
}
