using System.Globalization;
using EdgeAgent.Protocol.Columns;

namespace EdgeAgent.Protocol.Tests;

public sealed class ScaledDecimalTests
{
    [Theory]
    [InlineData(21.57, 2157, -2)]
    [InlineData(-0.1, -1, -1)]
    [InlineData(426, 426, 0)]
    [InlineData(1500, 15, 2)]
    [InlineData(22.0666666666667, 220666666666667, -13)]
    [InlineData(0.00479298817650529, 479298817650529, -17)]
    [InlineData(9007199254740992, 9007199254740992, 0)]
    [InlineData(1e22, 1, 22)]
    [InlineData(1e-22, 1, -22)]
    [InlineData(0, 0, 0)]
    public void The_shortest_decimal_is_found(double value, long mantissa, int exponent)
    {
        for (int hint = -22; hint <= 22; hint++)
        {
            Assert.True(ScaledDecimal.TryFind(value, hint, out long foundMantissa, out int foundExponent));
            Assert.Equal((mantissa, exponent), (foundMantissa, foundExponent));
        }
    }

    [Theory]
    [InlineData(-0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(1e-23)]
    [InlineData(0.1 + 0.2)]
    public void What_no_decimal_gives_back_is_told(double value) =>
        Assert.False(ScaledDecimal.TryFind(value, 0, out _, out _));

    [Fact]
    public void Every_decimal_of_up_to_15_digits_is_found()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int i = 0; i < 200_000; i++)
        {
            long digits = random.NextInt64((long)Math.Pow(10, random.Next(1, 16)));
            string text = $"{(random.Next(2) == 0 ? "-" : "")}{digits}e{random.Next(-22, 8)}";
            double value = double.Parse(text, CultureInfo.InvariantCulture);
            if (value != 0)
            {
                Assert.True(ScaledDecimal.TryFind(value, random.Next(-22, 23), out long mantissa, out int exponent), $"{text} (seed {seed})");
                Assert.Equal(value, ScaledDecimal.ToDouble(mantissa, exponent));
                Assert.True(Math.Abs(mantissa) <= digits, $"{text} became {mantissa}e{exponent} (seed {seed})");
            }
        }
    }

    [Theory]
    [InlineData(1L, 15, true)]
    [InlineData(1L, 16, false)]
    [InlineData(9007199254740992L, 0, true)]
    [InlineData(900719925474099L, 1, true)]
    [InlineData(900719925474100L, 1, false)]
    [InlineData(-9007199254740992L, 15, false)]
    [InlineData(0L, 44, true)]
    public void A_mantissa_is_rescaled_only_as_far_as_doubles_count_exactly(long mantissa, int steps, bool fits)
    {
        Assert.Equal(fits, ScaledDecimal.TryRescale(mantissa, steps, out long rescaled));
        Assert.True(!fits || rescaled == mantissa * (long)Math.Pow(10, mantissa == 0 ? 0 : steps));
    }
}
