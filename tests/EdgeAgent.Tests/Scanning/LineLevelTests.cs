using EdgeAgent.Protocol.V1;
using EdgeAgent.Scanning.Live;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Scanning;

public sealed class LineLevelTests
{
    private readonly SimulatedGpio _gpio = new(new ManualTimeProvider());

    [Fact]
    public async Task A_line_shows_its_level_and_is_given_back()
    {
        SimulatedLine line = _gpio.AddChip("chip").AddLine("door");
        line.IsHigh = true;
        var values = new Measured[1];

        using (LineLevel level = Level())
        {
            await level.MeasureAsync(values, CancellationToken.None);
            Assert.Equal(Measured.Good(1), values[0]);
            Assert.Null(level.Obstacle);
            line.Drive(false);
            await level.MeasureAsync(values, CancellationToken.None);
            Assert.Equal(Measured.Good(0), values[0]);
            Assert.NotNull(line.Request);
        }

        Assert.Null(line.Request);
    }

    [Fact]
    public async Task A_line_that_the_running_agent_has_says_where_its_readings_are_and_is_read_once_it_is_free()
    {
        SimulatedLine line = _gpio.AddChip("chip").AddLine("door");
        line.Consumer = LineSettings.Consumer;
        var values = new Measured[1];
        using LineLevel level = Level();

        await level.MeasureAsync(values, CancellationToken.None);
        Assert.Equal(Quality.NoResponse, values[0].Quality);
        Assert.Contains("spool tail --follow", level.Obstacle, StringComparison.Ordinal);

        line.Consumer = "";
        await level.MeasureAsync(values, CancellationToken.None);
        Assert.Equal(Measured.Good(0), values[0]);
        Assert.Null(level.Obstacle);
    }

    private LineLevel Level() => new(
        new GpioLineOptions
        {
            Address = new LineAddress(null, [new LineSelector("door", 0)]),
            Mode = GpioMode.Level,
            Edges = LineFlags.None,
            Sampling = new SensorOptions { Series = "door" },
        },
        _gpio);
}
