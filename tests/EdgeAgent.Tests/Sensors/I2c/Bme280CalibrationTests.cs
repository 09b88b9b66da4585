using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Tests.Sensors.I2c;

public sealed class Bme280CalibrationTests
{
    /// <summary>
    /// Section 3.12 of BST-BMP280-DS001, whose temperature and pressure formulas are those of the BME280 and which, unlike the
    /// BME280's own datasheet, works an example.
    /// </summary>
    private static readonly Bme280Calibration Example = new()
    {
        T1 = 27_504,
        T2 = 26_435,
        T3 = -1_000,
        P1 = 36_477,
        P2 = -10_685,
        P3 = 3_024,
        P4 = 2_855,
        P5 = 140,
        P6 = -7,
        P7 = 15_500,
        P8 = -14_600,
        P9 = 6_000,
    };

    [Fact]
    public void The_datasheets_example_gives_the_datasheets_numbers()
    {
        double fine = Example.FineTemperature(519_888);

        Assert.Equal(128_422, fine, 1.0);
        Assert.Equal(25.08, Bme280Calibration.Celsius(fine), 0.005);
        Assert.Equal(100_653.27, Example.Pascal(415_148, fine), 0.5);
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(26_000)]
    [InlineData(30_500)]
    [InlineData(38_000)]
    [InlineData(0)]
    [InlineData(65_535)]
    public void The_humidity_agrees_with_the_datasheets_own_integer_formula(int raw)
    {
        Bme280Calibration specimen = SimulatedBme280.Specimen;
        foreach (int rawTemperature in (int[])[440_000, 519_888, 560_000])
        {
            double fine = specimen.FineTemperature(rawTemperature);
            // 22.10 fixed point, correct to 1/1024 of a per cent plus its own rounding.
            Assert.Equal(IntegerHumidity(specimen, raw, (int)fine) / 1_024.0, specimen.RelativeHumidity(raw, fine), 0.01);
        }
    }

    [Fact]
    public void The_calibration_is_read_from_its_registers_with_the_two_numbers_that_share_a_byte()
    {
        byte[] first = [.. Convert.FromHexString("706B43671807"), .. Convert.FromHexString("8E7D43D6D00B270B8C00F9FF8C3CF8C67017"), 0x00, 0x4B];
        byte[] second = [0x6E, 0x01, 0x02, 0xFE, 0x31, 0x83, 0x9C];

        Assert.True(Bme280Calibration.TryRead(first, second, out Bme280Calibration calibration));
        Assert.Equal((27_504, 26_435, 1_816), (calibration.T1, calibration.T2, calibration.T3));
        Assert.Equal((32_142, -10_685, 3_024, 2_855, 140), (calibration.P1, calibration.P2, calibration.P3, calibration.P4, calibration.P5));
        Assert.Equal((-7, 15_500, -14_600, 6_000), (calibration.P6, calibration.P7, calibration.P8, calibration.P9));
        Assert.Equal((75, 366, 2), (calibration.H1, calibration.H2, calibration.H3));
        // 0xFE 0x31 0x83: H4 is 0xFE1, H5 is 0x833, both negative numbers of 12 bits.
        Assert.Equal((-31, -1_997, -100), (calibration.H4, calibration.H5, calibration.H6));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void A_blank_memory_is_no_calibration(byte blank)
    {
        var first = new byte[Bme280Calibration.FirstLength];
        var second = new byte[Bme280Calibration.SecondLength];
        Array.Fill(first, blank);
        Array.Fill(second, blank);

        Assert.False(Bme280Calibration.TryRead(first, second, out _));
    }

    /// <summary>Section 4.2.3 of BST-BME280-DS002, in 32-bit integers, written apart from the driver's formula.</summary>
    private static uint IntegerHumidity(Bme280Calibration c, int raw, int fine)
    {
        int x = fine - 76_800;
        int left = ((raw << 14) - (c.H4 << 20) - (c.H5 * x) + 16_384) >> 15;
        int right = (((((x * c.H6) >> 10) * (((x * c.H3) >> 11) + 32_768)) >> 10) + 2_097_152) * c.H2;
        x = left * ((right + 8_192) >> 14);
        x -= ((((x >> 15) * (x >> 15)) >> 7) * c.H1) >> 4;
        return (uint)(Math.Clamp(x, 0, 419_430_400) >> 12);
    }
}
