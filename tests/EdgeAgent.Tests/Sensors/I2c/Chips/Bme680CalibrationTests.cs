using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

/// <summary>
/// The datasheet works no example. It gives each formula twice, in floating point, which the driver computes, and in integers, which stand here,
/// written apart: where both agree neither has a slip.
/// </summary>
public sealed class Bme680CalibrationTests
{
    private static readonly Bme680Calibration C = SimulatedBme680.Specimen;

    /// <summary>Section 3.4.1, the table of the integer formula.</summary>
    private static readonly long[] References =
    [
        2_147_483_647, 2_147_483_647, 2_147_483_647, 2_147_483_647, 2_147_483_647, 2_126_008_810, 2_147_483_647, 2_130_303_777, 2_147_483_647,
        2_147_483_647, 2_143_188_679, 2_136_746_228, 2_147_483_647, 2_126_008_810, 2_147_483_647, 2_147_483_647,
    ];

    private static readonly long[] Slopes =
    [
        4_096_000_000, 2_048_000_000, 1_024_000_000, 512_000_000, 255_744_255, 127_110_228, 64_000_000, 32_258_064, 16_016_016, 8_000_000, 4_000_000,
        2_000_000, 1_000_000, 500_000, 250_000, 125_000,
    ];

    [Theory]
    [InlineData(420_000)]
    [InlineData(480_000)]
    [InlineData(540_000)]
    public void Temperature_pressure_and_humidity_agree_with_the_integer_formulas(int raw)
    {
        double fine = C.FineTemperature(raw);
        long integerFine = IntegerFine(raw);
        double celsius = Bme680Calibration.Celsius(fine);
        Assert.InRange(celsius, -40, 85);

        Assert.Equal(((integerFine * 5) + 128) >> 8, celsius * 100, 1.0);
        foreach (int rawPressure in (int[])[300_000, 350_000, 420_000])
        {
            Assert.Equal(IntegerPascal(rawPressure, integerFine), C.Pascal(rawPressure, fine), 12.0);
        }
        foreach (int rawHumidity in (int[])[15_000, 20_000, 25_000])
        {
            Assert.Equal(IntegerPercent(rawHumidity, integerFine), C.Percent(rawHumidity, celsius), 0.1);
        }
    }

    [Fact]
    public void The_gas_resistance_agrees_with_the_integer_formula_in_every_range()
    {
        for (int range = 0; range < 16; range++)
        {
            foreach (int raw in (int[])[0, 300, 512, 800, 1_023])
            {
                long reference = ((1_340 + (5 * C.RangeError)) * References[range]) >> 16;
                long divisor = ((long)raw << 15) - 16_777_216 + reference;
                long ohm = (((Slopes[range] * reference) >> 9) + (divisor >> 1)) / divisor;
                // The integers round to whole ohms, and their table to some hundred thousandths.
                Assert.Equal(ohm, C.Ohm(raw, range), 0.5 + (0.001 * ohm));
            }
        }
    }

    [Theory]
    [InlineData(200, 25)]
    [InlineData(300, 25)]
    [InlineData(300, -10)]
    [InlineData(400, 40)]
    public void The_heaters_resistance_agrees_with_the_integer_formula(int target, int ambient)
    {
        long var1 = ambient * C.G3 / 1_000 * 256;
        long var2 = (C.G1 + 784) * (((((C.G2 + 154_009) * target * 5L) / 100) + 3_276_800) / 10);
        long var4 = (var1 + (var2 / 2)) / (C.HeaterRange + 4);
        long hundredfold = ((var4 / ((131 * C.HeaterValue) + 65_536)) - 250) * 34;

        Assert.Equal((hundredfold + 50) / 100, C.HeaterResistance(target, ambient), 1.0);
    }

    [Fact]
    public void The_sixteen_ranges_halve_from_one_to_the_next()
    {
        for (int range = 1; range < 16; range++)
        {
            Assert.InRange(C.Ohm(512, range - 1) / C.Ohm(512, range), 1.95, 2.05);
        }
    }

    private static long IntegerFine(int raw)
    {
        long x = (raw >> 3) - (C.T1 << 1);
        long square = ((x >> 1) * (x >> 1)) >> 12;
        return ((x * C.T2) >> 11) + ((square * (C.T3 << 4)) >> 14);
    }

    private static long IntegerPascal(int raw, long fine)
    {
        long x = (fine >> 1) - 64_000;
        long square = (x >> 2) * (x >> 2);
        long offset = ((square >> 11) * C.P6) >> 2;
        offset += (x * C.P5) << 1;
        offset = (offset >> 2) + ((long)C.P4 << 16);
        long scale = ((((square >> 13) * (C.P3 << 5)) >> 3) + ((C.P2 * x) >> 1)) >> 18;
        scale = ((32_768 + scale) * C.P1) >> 15;
        long pressure = ((1_048_576 - raw - (offset >> 12)) * 3_125 << 1) / scale;
        long eighth = pressure >> 3, part = pressure >> 8;
        return pressure + ((((C.P9 * ((eighth * eighth) >> 13)) >> 12) + (((pressure >> 2) * C.P8) >> 13) + ((part * part * part * C.P10) >> 17) + (C.P7 << 7)) >> 4);
    }

    private static double IntegerPercent(int raw, long fine)
    {
        long t = ((fine * 5) + 128) >> 8;
        long linear = raw - (C.H1 * 16) - ((t * C.H3 / 100) >> 1);
        linear *= (C.H2 * ((t * C.H4 / 100) + ((t * (t * C.H5 / 100) >> 6) / 100) + (1 << 14))) >> 10;
        long curve = ((C.H6 << 7) + (t * C.H7 / 100)) >> 4;
        long square = ((linear >> 14) * (linear >> 14)) >> 10;
        long thousandth = (((linear + ((curve * square) >> 1)) >> 10) * 1_000) >> 12;
        return Math.Clamp(thousandth, 0, 100_000) / 1_000.0;
    }
}
