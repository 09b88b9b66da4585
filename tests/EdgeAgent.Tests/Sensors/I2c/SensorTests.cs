using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c;

public sealed class SensorTests : IDisposable
{
    private readonly SensorFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_bme280_measures_the_climate_of_its_room()
    {
        Measured[] values = await _fixture.MeasureAsync(_fixture.Sensor(ChipTypes.Bme280));

        (double celsius, double percent, double pascal) = _fixture.Room.Now();
        Assert.All(values, value => Assert.Equal(Quality.Good, value.Quality));
        // The noise of the room between start and end of the measurement, and the chip's resolution.
        Assert.Equal(celsius, values[0].Value, 0.05);
        Assert.Equal(percent, values[1].Value, 0.3);
        Assert.Equal(pascal, values[2].Value, 5.0);
    }

    [Fact]
    public async Task An_sht3x_measures_the_same_climate()
    {
        Measured[] values = await _fixture.MeasureAsync(_fixture.Sensor(ChipTypes.Sht3x));

        (double celsius, double percent, _) = _fixture.Room.Now();
        Assert.Equal(celsius, values[0].Value, 0.05);
        Assert.Equal(percent, values[1].Value, 0.3);
    }

    [Theory]
    [InlineData(SimulatedFault.NoAnswer, Quality.NoResponse)]
    [InlineData(SimulatedFault.NotReady, Quality.NotReady)]
    [InlineData(SimulatedFault.WrongChip, Quality.Failed)]
    public async Task A_bme280_that_fails_says_how_and_never_repeats_its_last_value(object fault, Quality quality)
    {
        I2cSensor sensor = _fixture.Sensor(ChipTypes.Bme280);
        await _fixture.MeasureAsync(sensor);
        _fixture.Bme280.Fault = (SimulatedFault)fault;

        // A chip that was swapped shows when it is prepared anew, which a lost answer brings about.
        if ((SimulatedFault)fault == SimulatedFault.WrongChip)
        {
            _fixture.Bme280.Fault = SimulatedFault.NoAnswer;
            await _fixture.MeasureAsync(sensor);
            _fixture.Bme280.Fault = SimulatedFault.WrongChip;
        }

        Assert.All(await _fixture.MeasureAsync(sensor), value => Assert.Equal(Measured.None(quality), value));
    }

    [Theory]
    [InlineData(SimulatedFault.NoAnswer, Quality.NoResponse, Quality.NoResponse)]
    [InlineData(SimulatedFault.NotReady, Quality.NoResponse, Quality.NoResponse)]
    [InlineData(SimulatedFault.BadChecksum, Quality.Checksum, Quality.Good)]
    public async Task An_sht3x_that_fails_says_how_for_each_of_its_words(object fault, Quality temperature, Quality humidity)
    {
        I2cSensor sensor = _fixture.Sensor(ChipTypes.Sht3x);
        await _fixture.MeasureAsync(sensor);
        _fixture.Sht3x.Fault = (SimulatedFault)fault;

        Measured[] values = await _fixture.MeasureAsync(sensor);

        Assert.Equal([temperature, humidity], values.Select(value => value.Quality));
        Assert.Equal(0, values[0].Value);
    }

    [Fact]
    public async Task A_sensor_that_was_absent_at_the_start_is_met_later()
    {
        _fixture.IsBusMissing = true;
        I2cSensor sensor = _fixture.Sensor(ChipTypes.Bme280);
        Assert.All(await _fixture.MeasureAsync(sensor), value => Assert.Equal(Quality.NoResponse, value.Quality));
        _fixture.IsBusMissing = false;

        Assert.All(await _fixture.MeasureAsync(sensor), value => Assert.Equal(Quality.Good, value.Quality));
        Assert.True(sensor.IsPresent);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weather_and_another_seed_another()
    {
        Assert.Equal(_fixture.Room.Now(), new SimulatedRoom(1, _fixture.Time).Now());
        Assert.NotEqual(_fixture.Room.Now(), new SimulatedRoom(2, _fixture.Time).Now());
    }

    [Fact]
    public void A_day_in_the_room_is_plausible()
    {
        var celsius = new List<double>();
        for (int minute = 0; minute < 24 * 60; minute++)
        {
            (double t, double h, double p) = _fixture.Room.Now();
            Assert.InRange(t, 15, 28);
            Assert.InRange(h, 20, 80);
            Assert.InRange(p, 98_000, 104_000);
            celsius.Add(t);
            _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.True(celsius.Max() - celsius.Min() > 3);
        Assert.True(celsius.Zip(celsius.Skip(1), (a, b) => Math.Abs(a - b)).Max() < 0.2);
    }
}
