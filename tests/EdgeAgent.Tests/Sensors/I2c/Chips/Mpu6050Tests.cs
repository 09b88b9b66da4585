using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Mpu6050Tests
{
    [Fact]
    public void The_datasheets_counts_are_the_datasheets_units()
    {
        // PS sections 6.1 and 6.2: 16,384 counts for 1 g, 131 for 1 °/s, and -521 at 35 °C.
        var chip = new Mpu6050(new CannedDevice("01" + "4000C0000000" + "FDF7" + "0083FF7D0000"), new Mpu6050Options());
        var values = new Measured[7];
        chip.Finish(values);

        Assert.Equal([1, -1, 0, 35, 1, -1, 0], values.Select(value => Math.Round(value.Value, 1)));
        Assert.All(values, value => Assert.Equal(Quality.Good, value.Quality));
    }

    [Fact]
    public void It_is_woken_before_it_is_set_up()
    {
        var device = new CannedDevice("68");
        var chip = new Mpu6050(device, new Mpu6050Options { AccelerationDoublings = 3, RotationDoublings = 1 });

        Assert.Equal(ChipState.Pending, chip.Prepare());
        Assert.Equal(["75", "6B01", "1904040818", "3801"], device.Written);
        Assert.True(chip.Pause >= TimeSpan.FromMilliseconds(30));
        Assert.Equal(ChipState.Ready, chip.Prepare());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "accelerationRange": "16g", "rotationRange": "2000deg/s" }""")]
    public async Task It_measures_how_it_lies_in_every_range(string entry)
    {
        using var fixture = new ChipFixture<SimulatedMpu6050>(ChipTypes.Mpu6050, entry);

        Measured[] values = await fixture.MeasureAsync();

        Assert.All(values, value => Assert.Equal(Quality.Good, value.Quality));
        for (int axis = 0; axis < 3; axis++)
        {
            Assert.Equal(fixture.Chip.Acceleration[axis], values[axis].Value, 0.001);
            Assert.Equal(fixture.Chip.Rotation[axis], values[4 + axis].Value, 0.05);
        }
        Assert.Equal(fixture.Room.Now().Celsius, values[3].Value, 0.05);
    }

    [Fact]
    public async Task An_axis_beyond_its_range_costs_only_itself()
    {
        using var fixture = new ChipFixture<SimulatedMpu6050>(ChipTypes.Mpu6050);
        (fixture.Chip.Acceleration[1], fixture.Chip.Rotation[2]) = (-3, 400);

        Measured[] values = await fixture.MeasureAsync();

        Assert.Equal(
            [Quality.Good, Quality.OutOfRange, Quality.Good, Quality.Good, Quality.Good, Quality.Good, Quality.OutOfRange], values.Select(value => value.Quality));
    }

    [Fact]
    public async Task A_chip_that_makes_no_new_measurement_gives_no_value()
    {
        using var fixture = new ChipFixture<SimulatedMpu6050>(ChipTypes.Mpu6050);
        await fixture.MeasureAsync();

        Assert.All(await fixture.MeasureAsync(SimulatedFault.NotReady), value => Assert.Equal(Measured.None(Quality.NotReady), value));
    }

    [Fact]
    public async Task A_chip_that_fell_asleep_with_its_power_gives_no_value_and_is_woken_with_its_ranges()
    {
        using var fixture = new ChipFixture<SimulatedMpu6050>(ChipTypes.Mpu6050, """{ "accelerationRange": "8g" }""");
        await fixture.MeasureAsync();
        fixture.Chip.LosePower();

        Assert.All(await fixture.MeasureAsync(), value => Assert.Equal(Measured.None(Quality.NotReady), value));
        Assert.False(fixture.Sensor.IsPresent);
        Assert.Equal(1, (await fixture.MeasureAsync())[2].Value, 0.001);
    }
}
