using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Bme280HumidityTests
{
    [Theory]
    [InlineData(20_000)]
    [InlineData(26_000)]
    [InlineData(30_500)]
    [InlineData(38_000)]
    [InlineData(0)]
    [InlineData(65_535)]
    public void The_humidity_agrees_with_the_datasheets_own_integer_formula(int raw)
    {
        Bme280Humidity specimen = SimulatedBme280.Humidity;
        foreach (int rawTemperature in (int[])[440_000, 519_888, 560_000])
        {
            double fine = SimulatedBmp280.Specimen.FineTemperature(rawTemperature);
            // 22.10 fixed point, correct to 1/1024 of a per cent plus its own rounding.
            Assert.Equal(IntegerHumidity(specimen, raw, (int)fine) / 1_024.0, specimen.Percent(raw, fine), 0.01);
        }
    }

    [Fact]
    public void Two_numbers_that_share_a_byte_are_read_with_their_signs()
    {
        Bme280Humidity calibration = Bme280Humidity.Read(0x4B, [0x6E, 0x01, 0x02, 0xFE, 0x31, 0x83, 0x9C]);

        Assert.Equal((75, 366, 2), (calibration.H1, calibration.H2, calibration.H3));
        // 0xFE 0x31 0x83: H4 is 0xFE1, H5 is 0x833, both negative numbers of 12 bits.
        Assert.Equal((-31, -1_997, -100), (calibration.H4, calibration.H5, calibration.H6));
    }

    /// <summary>Section 4.2.3 of BST-BME280-DS002, in 32-bit integers, written apart from the driver's formula.</summary>
    private static uint IntegerHumidity(Bme280Humidity c, int raw, int fine)
    {
        int x = fine - 76_800;
        int left = ((raw << 14) - (c.H4 << 20) - (c.H5 * x) + 16_384) >> 15;
        int right = (((((x * c.H6) >> 10) * (((x * c.H3) >> 11) + 32_768)) >> 10) + 2_097_152) * c.H2;
        x = left * ((right + 8_192) >> 14);
        x -= ((((x >> 15) * (x >> 15)) >> 7) * c.H1) >> 4;
        return (uint)(Math.Clamp(x, 0, 419_430_400) >> 12);
    }
}
