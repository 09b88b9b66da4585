using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Scd4xTests : IDisposable
{
    private readonly ChipFixture<SimulatedScd4x> _fixture = new(ChipTypes.Scd4x, """{ "altitude": 1950, "selfCalibration": false }""");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void The_datasheets_example_is_500_ppm_25_degrees_and_37_per_cent()
    {
        // Section 3.6.2.
        var chip = new Scd4x(new CannedDevice("01F433" + "6667A2" + "5EB93C"), new Scd4xOptions());
        var values = new Measured[3];
        chip.Finish(values);

        Assert.Equal([500, 25, 37], values.Select(value => Math.Round(value.Value, 2)));
    }

    [Fact]
    public async Task The_first_attempt_sets_the_chip_up_and_waits_for_its_first_measurement()
    {
        long begun = _fixture.Time.GetTimestamp();

        Measured[] values = await _fixture.MeasureAsync();

        (double celsius, double percent, _) = _fixture.Room.Now();
        Assert.Equal(_fixture.Room.CarbonDioxide(), values[0].Value, 3.0);
        Assert.Equal(celsius, values[1].Value, 0.1);
        Assert.Equal(percent, values[2].Value, 0.5);
        Assert.Equal((1_950, false), (_fixture.Chip.Altitude, _fixture.Chip.CalibratesItself));
        Assert.InRange(_fixture.Time.GetElapsedTime(begun), TimeSpan.FromSeconds(5.5), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task No_measurement_is_taken_twice()
    {
        for (int i = 1; i <= 4; i++)
        {
            // Three times as often as it measures.
            _fixture.Time.Advance(TimeSpan.FromSeconds(1.5));
            Assert.All(await _fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
            Assert.Equal(i, _fixture.Chip.MeasurementsRead);
        }
        Assert.True(_fixture.Time.GetElapsedTime(0) >= TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_measurement_that_waits_is_taken_at_once()
    {
        await _fixture.MeasureAsync();
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        long begun = _fixture.Time.GetTimestamp();

        Assert.All(await _fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
        Assert.True(_fixture.Time.GetElapsedTime(begun) < TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task A_chip_that_measures_when_the_agent_starts_is_stopped_and_set_up_anew()
    {
        await _fixture.MeasureAsync();
        Assert.True(_fixture.Chip.IsMeasuring);
        // The sensor believes that it is gone, as after a restart of the agent.
        await _fixture.MeasureAsync(SimulatedFault.NoAnswer);

        Assert.All(await _fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
    }

    [Fact]
    public async Task A_chip_that_lost_its_power_gives_no_value_and_gets_its_settings_again()
    {
        await _fixture.MeasureAsync();
        _fixture.Chip.LosePower();

        Assert.All(await _fixture.MeasureAsync(), value => Assert.Equal(Measured.None(Quality.NotReady), value));
        Assert.False(_fixture.Sensor.IsPresent);
        Assert.All(await _fixture.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
        Assert.Equal((1_950, false), (_fixture.Chip.Altitude, _fixture.Chip.CalibratesItself));
    }

    [Fact]
    public async Task A_chip_that_never_has_a_measurement_ends_the_attempt_after_more_than_its_interval()
    {
        long begun = _fixture.Time.GetTimestamp();

        Assert.All(await _fixture.MeasureAsync(SimulatedFault.NotReady), value => Assert.Equal(Measured.None(Quality.NotReady), value));
        Assert.InRange(_fixture.Time.GetElapsedTime(begun), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_wrong_checksum_costs_only_its_word()
    {
        await _fixture.MeasureAsync();

        Measured[] values = await _fixture.MeasureAsync(SimulatedFault.BadChecksum);

        Assert.Equal([Quality.Checksum, Quality.Good, Quality.Good], values.Select(value => value.Quality));
        Assert.Equal(0, values[0].Value);
    }

    [Fact]
    public async Task An_answer_that_comes_in_the_middle_of_a_broken_set_up_does_not_confuse_the_next()
    {
        var broken = new ChipFixture<SimulatedScd4x>(ChipTypes.Scd4x);
        using (broken)
        {
            // Stopped; then, half a second later, nobody answers.
            var values = new Measured[3];
            Task attempt = broken.Sensor.MeasureAsync(values, CancellationToken.None).AsTask();
            broken.Chip.Fault = SimulatedFault.NoAnswer;
            broken.Time.Advance(TimeSpan.FromSeconds(1));
            await attempt;
            Assert.All(values, value => Assert.Equal(Measured.None(Quality.NoResponse), value));
            broken.Chip.Fault = SimulatedFault.None;

            Assert.All(await broken.MeasureAsync(), value => Assert.Equal(Quality.Good, value.Quality));
        }
    }
}
