using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Tests.Sensors.I2c;

public sealed class PollerTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public async Task Polls_fall_on_multiples_of_the_interval_and_all_values_of_a_poll_share_one_time()
    {
        using var fixture = new SensorFixture();
        fixture.Poll(ChipTypes.Bme280);

        var times = new List<long>();
        for (int i = 0; i < 9; i++)
        {
            Reading reading = await fixture.NextAsync();
            Assert.Equal(Quality.Good, reading.Quality);
            times.Add(reading.UnixNanoseconds);
        }

        // The fixture's clock starts at 12:00:03.
        long first = 1_780_315_210 * Second;
        Assert.Equal([first, first, first, first + (10 * Second), first + (10 * Second), first + (10 * Second)], times[..6]);
        Assert.Equal(first + (20 * Second), times[8]);
        Assert.Equal(9, fixture.Metrics.ReadingsRead[ReadingSource.I2c]);
        Assert.Equal(0, fixture.Metrics.PollsLate.Sum);
    }

    [Fact]
    public async Task Values_are_rounded_to_what_the_chip_resolves()
    {
        using var fixture = new SensorFixture();
        fixture.Poll(ChipTypes.Sht3x);

        Reading reading = await fixture.NextAsync();

        Assert.Equal(Math.Round(reading.Number, 2), reading.Number);
    }

    [Fact]
    public async Task A_sensor_that_fails_is_read_as_a_quality_and_tried_ever_more_rarely()
    {
        using var fixture = new SensorFixture();
        fixture.Bme280.Fault = SimulatedFault.NoAnswer;
        fixture.Poll(ChipTypes.Bme280);

        var times = new List<long>();
        for (int i = 0; i < 5; i++)
        {
            Reading reading = await fixture.NextAsync();
            Assert.Equal(Quality.NoResponse, reading.Quality);
            times.Add(reading.UnixNanoseconds / Second);
            await fixture.NextAsync();
            await fixture.NextAsync();
        }
        Assert.Equal([10, 20, 40, 80], times.Zip(times.Skip(1), (a, b) => b - a));
        Assert.Equal(5, fixture.Metrics.PollsFailed.Value);

        fixture.Bme280.Fault = SimulatedFault.None;
        Assert.Equal(Quality.Good, (await fixture.NextAsync()).Quality);
    }

    [Fact]
    public async Task A_failing_sensor_delays_no_other()
    {
        using var fixture = new SensorFixture();
        fixture.Bme280.Fault = SimulatedFault.NoAnswer;
        fixture.Poll(ChipTypes.Bme280);
        fixture.Poll(ChipTypes.Sht3x);

        var times = new List<long>();
        while (times.Count < 10)
        {
            Reading reading = await fixture.NextAsync();
            if (fixture.Catalog[reading.Series].Definition.Name == "sht3x/temperature")
            {
                Assert.Equal(Quality.Good, reading.Quality);
                times.Add(reading.UnixNanoseconds / Second);
            }
        }

        Assert.All(times.Zip(times.Skip(1), (a, b) => b - a), gap => Assert.Equal(10, gap));
    }

    [Fact]
    public async Task Where_the_channel_is_full_readings_are_skipped_and_counted()
    {
        using var fixture = new SensorFixture(channelCapacity: 2);
        fixture.Poll(ChipTypes.Bme280);

        await fixture.AdvanceUntilAsync(() => fixture.Metrics.ReadingsDropped[DropCause.ChannelFull] == 4);

        Assert.Equal(2, fixture.Metrics.ReadingsRead[ReadingSource.I2c]);
    }
}
