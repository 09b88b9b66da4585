using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class SimulationTests
{
    [Fact]
    public void A_door_opens_once_in_each_period_and_the_same_each_time()
    {
        var door = new LinePattern(PatternKind.Door, TimeSpan.FromSeconds(10));
        var openings = new HashSet<long>();
        long at = 0;
        for (int period = 0; period < 100; period++)
        {
            (long opened, bool isOpen) = door.NextEdge(at);
            (long closed, bool isStillOpen) = door.NextEdge(opened);
            Assert.Equal((true, false), (isOpen, isStillOpen));
            Assert.Equal(period, opened / 10_000_000_000);
            Assert.Equal(period, closed / 10_000_000_000);
            openings.Add(opened % 10_000_000_000);
            at = closed;
        }
        Assert.True(openings.Count > 10);
        Assert.Equal(door.NextEdge(0), door.NextEdge(0));
    }

    [Fact]
    public async Task A_simulated_shaft_turns_and_a_simulated_meter_counts()
    {
        var time = new ManualTimeProvider();
        using var metrics = new AgentMetrics();
        GpioLineOptions[] lines =
        [
            Simulated(GpioMode.Counter, TimeSpan.FromMilliseconds(10), "meter"),
            Simulated(GpioMode.Quadrature, TimeSpan.FromMilliseconds(100), "a", "b"),
        ];
        SimulatedGpio gpio = SimulatedGpio.Of(lines, time);
        var counter = new PulseCounter(new PulseOptions(), LineFlags.EdgeRising, 0);
        var decoder = new QuadratureDecoder(new PulseOptions(), metrics);
        ILineMode[] modes = [counter, decoder];
        LineConnection[] connections = [.. lines.Zip(modes, (line, mode) => new LineConnection(
            line, mode, gpio, TestClocks.Right(time), metrics, time, NullLogger<LineConnection>.Instance))];
        new LineReader(connections, gpio).Turn();

        time.Advance(TimeSpan.FromSeconds(10));
        var values = new Measured[2];
        await new LineSensor(connections[0], counter, gpio).MeasureAsync(values, CancellationToken.None);
        Assert.Equal((1_000, 100), (values[0].Value, Math.Round(values[1].Value)));
        await new LineSensor(connections[1], decoder, gpio).MeasureAsync(values, CancellationToken.None);
        // The second line is a quarter of a period late: its last edge comes after the end.
        Assert.Equal((399, 0), (values[0].Value, values[1].Value));
        Assert.Equal(Quality.Uncertain, values[0].Quality);
        Assert.Equal(0, metrics.GpioEdgesMissed.Value);
    }

    private static GpioLineOptions Simulated(GpioMode mode, TimeSpan period, params string[] lines) => new()
    {
        Address = new LineAddress(ChipSelector.Simulated, [.. lines.Select(line => new LineSelector(line, 0))]),
        Mode = mode,
        Edges = LineFlags.EdgeRising,
        Pattern = new LinePattern(PatternKind.Square, period),
        Sampling = new SensorOptions { Series = lines[0] },
    };
}
