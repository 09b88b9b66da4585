using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class CounterTests : IDisposable
{
    private readonly GpioFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(100)]
    [InlineData(1_024)]
    [InlineData(10_000)]
    public void Pulses_are_counted_exactly_also_where_the_kernels_queue_had_no_room(int pulses)
    {
        (LineConnection connection, SimulatedLine line, PulseCounter counter) = _fixture.Counter();
        _fixture.Pulse(line, pulses);

        connection.Turn(isReady: true);

        Assert.Equal(pulses, counter.Count);
        Assert.Equal(Math.Max(0, pulses - LineSettings.LargestQueue), _fixture.Metrics.GpioEdgesMissed.Value);
        Assert.Equal(0, _fixture.Metrics.ReadingsDropped.Sum);
    }

    [Fact]
    public async Task Count_and_rate_are_scaled_and_rates_add_up_to_the_count()
    {
        (LineConnection connection, SimulatedLine line, PulseCounter counter) = _fixture.Counter(
            new PulseOptions { Scale = 0.001, Unit = "m3", RateScale = 3.6, RateUnit = "m3/h" });
        await _fixture.MeasureAsync(connection, counter);
        double total = 0;
        for (int i = 0; i < 10; i++)
        {
            _fixture.Pulse(line, i * 7, TimeSpan.FromMilliseconds(10));
            _fixture.Time.Advance(TimeSpan.FromSeconds(9));
            Measured[] values = await _fixture.MeasureAsync(connection, counter);
            total += values[1].Value / 3.6 * (9 + (i * 7 * 0.01));
            Assert.Equal(Quality.Good, values[1].Quality);
        }

        Assert.Equal(315, counter.Count);
        Assert.Equal(315, total, 0.000_001);
        Assert.Equal(["m3", "m3/h"], counter.Quantities.Select(quantity => quantity.Unit));
        Assert.Equal([3, 3], counter.Quantities.Select(quantity => quantity.Decimals));
        Assert.Equal(0.315, (await _fixture.MeasureAsync(connection, counter))[0].Value, 0.000_000_1);
    }

    [Fact]
    public async Task A_value_is_as_of_the_moment_it_is_asked_for()
    {
        (LineConnection connection, SimulatedLine line, PulseCounter counter) = _fixture.Counter();
        _fixture.Pulse(line, 3);

        Assert.Equal(3, (await _fixture.MeasureAsync(connection, counter))[0].Value);
    }

    [Fact]
    public async Task The_first_count_after_nobody_counted_is_uncertain()
    {
        (LineConnection connection, _, PulseCounter counter) = _fixture.Counter(count: 50);
        var qualities = new List<Quality>();
        async Task MeasureAsync() => qualities.Add((await _fixture.MeasureAsync(connection, counter))[0].Quality);

        await MeasureAsync();
        await MeasureAsync();
        _fixture.Chip.IsPresent = false;
        await MeasureAsync();
        _fixture.Chip.IsPresent = true;
        connection.Turn(isReady: false);
        await MeasureAsync();
        await MeasureAsync();

        Assert.Equal([Quality.Uncertain, Quality.Good, Quality.NoResponse, Quality.Uncertain, Quality.Good], qualities);
        Assert.Equal(50, counter.Count);
    }

    [Fact]
    public void Many_pulses_are_read_at_one_wake_up()
    {
        (LineConnection connection, SimulatedLine line, PulseCounter counter) = _fixture.Counter();
        int wakeUps = 0;
        for (int millisecond = 0; millisecond < 1_000; millisecond++)
        {
            _fixture.Pulse(line, 1, TimeSpan.FromMilliseconds(1));
            // The reader is woken only where it waits for the line, or when something is due.
            if (connection.Watched is not null)
            {
                connection.Turn(isReady: true);
                wakeUps++;
            }
        }

        Assert.Equal(10, wakeUps);
        Assert.InRange(counter.Count, 900, 1_000);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.001, 3)]
    [InlineData(0.25, 2)]
    [InlineData(1000, 0)]
    [InlineData(1.0 / 450, 9)]
    public void A_count_has_the_decimal_places_of_its_scale(double scale, int decimals)
    {
        Assert.Equal(decimals, PulseDecimals.OfCount(scale));
    }
}
