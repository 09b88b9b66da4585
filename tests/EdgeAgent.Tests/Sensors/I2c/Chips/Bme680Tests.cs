using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Bme680Tests : IDisposable
{
    private readonly ChipFixture<SimulatedBme680> _fixture = new(ChipTypes.Bme680);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task It_measures_the_air_of_its_room()
    {
        Measured[] values = await _fixture.MeasureAsync();

        (double celsius, double percent, double pascal) = _fixture.Room.Now();
        Assert.All(values, value => Assert.Equal(Quality.Good, value.Quality));
        Assert.Equal(celsius, values[0].Value, 0.05);
        Assert.Equal(percent, values[1].Value, 0.3);
        Assert.Equal(pascal, values[2].Value, 6.0);
        // Some thousandths are between two raw values.
        Assert.InRange(values[3].Value / _fixture.Room.GasOhm(), 0.995, 1.005);
    }

    [Fact]
    public async Task Gas_that_was_not_measured_costs_only_itself()
    {
        _fixture.Chip.IsGasMissing = true;

        Measured[] values = await _fixture.MeasureAsync();

        Assert.Equal([Quality.Good, Quality.Good, Quality.Good, Quality.NotReady], values.Select(value => value.Quality));
    }

    [Fact]
    public async Task A_plate_that_was_not_hot_makes_the_resistance_uncertain()
    {
        _fixture.Chip.IsHeaterWeak = true;

        Measured[] values = await _fixture.MeasureAsync();

        Assert.Equal([Quality.Good, Quality.Good, Quality.Good, Quality.Uncertain], values.Select(value => value.Quality));
        Assert.True(values[3].Value > 0);
    }

    [Fact]
    public async Task A_conversion_that_has_not_ended_gives_no_value()
    {
        await _fixture.MeasureAsync();

        Assert.All(await _fixture.MeasureAsync(SimulatedFault.NotReady), value => Assert.Equal(Measured.None(Quality.NotReady), value));
    }

    [Fact]
    public async Task The_heater_is_set_for_each_measurement_so_that_a_chip_that_lost_its_power_heats()
    {
        await _fixture.MeasureAsync();
        _fixture.Chip.LosePower();

        Assert.All(await _fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
    }
}
