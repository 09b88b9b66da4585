using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Bmp280Tests
{
    private static readonly string Calibration = Convert.ToHexString((byte[])[.. Words(27_504, 26_435, -1_000, 36_477, -10_685, 3_024, 2_855, 140, -7, 15_500, -14_600, 6_000)]);

    [Fact]
    public void The_datasheets_example_comes_through_the_driver_from_registers_to_values()
    {
        // BST-BMP280-DS001 section 3.12: calibration, 519,888 and 415,148, 25.08 °C and 100,653.27 Pa.
        var device = new CannedDevice("58", "00", Calibration, "00", "655AC0" + "7EED00");
        var chip = new Bmp280(device);
        var values = new Measured[2];

        Assert.Equal(ChipState.Ready, chip.Prepare());
        chip.Start();
        chip.Finish(values);

        Assert.Equal(25.08, values[0].Value, 0.005);
        Assert.Equal(100_653.27, values[1].Value, 0.5);
        Assert.Equal(["D0", "F3", "88", "F425", "F3", "F7"], device.Written);
    }

    [Theory]
    [InlineData("60")]
    [InlineData("61")]
    [InlineData("00")]
    public void A_neighbour_of_its_family_is_not_taken_for_it(string id)
    {
        Assert.Equal(ChipState.WrongChip, new Bmp280(new CannedDevice(id)).Prepare());
    }

    [Fact]
    public void A_chip_that_still_copies_its_calibration_is_asked_again_later()
    {
        Assert.Equal(ChipState.NotReady, new Bmp280(new CannedDevice("58", "01")).Prepare());
    }

    [Fact]
    public async Task It_measures_the_air_of_its_room()
    {
        using var fixture = new ChipFixture<SimulatedBmp280>(ChipTypes.Bmp280);

        Measured[] values = await fixture.MeasureAsync();

        (double celsius, _, double pascal) = fixture.Room.Now();
        Assert.Equal(celsius, values[0].Value, 0.05);
        Assert.Equal(pascal, values[1].Value, 5.0);
    }

    [Fact]
    public async Task A_conversion_that_has_not_ended_gives_no_value()
    {
        using var fixture = new ChipFixture<SimulatedBmp280>(ChipTypes.Bmp280);
        await fixture.MeasureAsync();

        Assert.All(await fixture.MeasureAsync(SimulatedFault.NotReady), value => Assert.Equal(Measured.None(Quality.NotReady), value));
        Assert.All(await fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
    }

    [Fact]
    public void A_chip_that_lost_its_power_while_it_measured_gives_no_value()
    {
        var chip = new Bmp280(new CannedDevice("58", "00", Calibration, "00", "800000" + "800000"));
        var values = new Measured[2];
        chip.Prepare();
        chip.Start();
        chip.Finish(values);

        Assert.All(values, value => Assert.Equal(Measured.None(Quality.NotReady), value));
    }

    [Fact]
    public void A_pressure_that_the_chip_cannot_measure_costs_only_itself()
    {
        // The largest raw value is the smallest pressure, far below 300 hPa.
        var chip = new Bmp280(new CannedDevice("58", "00", Calibration, "00", "FFFFF0" + "7EED00"));
        var values = new Measured[2];
        chip.Prepare();
        chip.Start();
        chip.Finish(values);

        Assert.Equal([Quality.Good, Quality.OutOfRange], values.Select(value => value.Quality));
    }

    private static IEnumerable<byte> Words(params int[] words) => words.SelectMany(word => (byte[])[(byte)word, (byte)(word >> 8)]);
}
