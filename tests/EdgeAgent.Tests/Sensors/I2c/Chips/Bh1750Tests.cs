using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Bh1750Tests
{
    [Fact]
    public void The_datasheets_example_is_28067_lx()
    {
        // Page 7 of the technical note: 1000 0011 1001 0000.
        var chip = new Bh1750(new CannedDevice("8390"), Bh1750Range.Normal);
        var values = new Measured[1];
        chip.Finish(values);

        Assert.Equal(28_067, values[0].Value, 0.5);
    }

    [Theory]
    [InlineData(Bh1750Range.Normal, "42", "65", 1 / 1.2)]
    // Page 11: with the shortest time 31 a count is 1.85 lx.
    [InlineData(Bh1750Range.Sunlight, "40", "7F", 1.85)]
    public void The_measurement_time_is_set_before_each_measurement(object range, string upper, string lower, double count)
    {
        var device = new CannedDevice("0001");
        var chip = new Bh1750(device, (Bh1750Range)range);
        var values = new Measured[1];
        chip.Start();
        chip.Finish(values);

        Assert.Equal(["01", "07", upper, lower, "20"], device.Written);
        Assert.Equal(count, values[0].Value, 0.01);
    }

    [Fact]
    public async Task It_measures_the_light_of_its_room()
    {
        using var fixture = new ChipFixture<SimulatedBh1750>(ChipTypes.Bh1750);

        Assert.Equal(fixture.Room.Lux(), (await fixture.MeasureAsync())[0].Value, 1.5);
    }

    [Fact]
    public async Task Light_beyond_the_range_is_no_value_and_the_other_range_reaches_it()
    {
        using var normal = new ChipFixture<SimulatedBh1750>(ChipTypes.Bh1750);
        using var sunlight = new ChipFixture<SimulatedBh1750>(ChipTypes.Bh1750, """{ "range": "sunlight" }""");
        normal.Chip.Lux = sunlight.Chip.Lux = 100_000;

        Assert.Equal(Measured.None(Quality.OutOfRange), (await normal.MeasureAsync())[0]);
        Assert.Equal(100_000, (await sunlight.MeasureAsync())[0].Value, 2.0);
    }

    [Fact]
    public async Task An_earlier_value_never_stands_for_a_measurement_that_did_not_end()
    {
        using var fixture = new ChipFixture<SimulatedBh1750>(ChipTypes.Bh1750);
        Assert.True((await fixture.MeasureAsync())[0].Value > 100);

        // The chip cannot say that it has not ended; what it gives is its emptied register.
        Assert.Equal(0, (await fixture.MeasureAsync(SimulatedFault.NotReady))[0].Value);
    }
}
