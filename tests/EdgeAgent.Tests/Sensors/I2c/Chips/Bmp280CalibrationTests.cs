using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Bmp280CalibrationTests
{
    /// <summary>
    /// Section 3.12 of BST-BMP280-DS001, whose temperature and pressure formulas are those of the BME280 and which, unlike the
    /// BME280's own datasheet, works an example.
    /// </summary>
    private static readonly Bmp280Calibration Example = new()
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
        Assert.Equal(25.08, Bmp280Calibration.Celsius(fine), 0.005);
        Assert.Equal(100_653.27, Example.Pascal(415_148, fine), 0.5);
    }

    [Fact]
    public void The_calibration_is_read_from_its_registers()
    {
        byte[] registers = Convert.FromHexString("706B436718078E7D43D6D00B270B8C00F9FF8C3CF8C67017");

        Assert.True(Bmp280Calibration.TryRead(registers, out Bmp280Calibration calibration));
        Assert.Equal((27_504, 26_435, 1_816), (calibration.T1, calibration.T2, calibration.T3));
        Assert.Equal((32_142, -10_685, 3_024, 2_855, 140), (calibration.P1, calibration.P2, calibration.P3, calibration.P4, calibration.P5));
        Assert.Equal((-7, 15_500, -14_600, 6_000), (calibration.P6, calibration.P7, calibration.P8, calibration.P9));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void A_blank_memory_is_no_calibration(byte blank)
    {
        var registers = new byte[Bmp280Calibration.Length];
        Array.Fill(registers, blank);

        Assert.False(Bmp280Calibration.TryRead(registers, out _));
    }
}
