using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class QuadratureTests : IDisposable
{
    private readonly GpioFixture _fixture = new();
    private readonly SimulatedLine _a;
    private readonly SimulatedLine _b;
    private readonly QuadratureDecoder _decoder;
    private readonly LineConnection _connection;

    public QuadratureTests()
    {
        // Not the first of the chip: what counts is which of the entry's lines it is.
        _b = _fixture.Chip.AddLine("b");
        _a = _fixture.Chip.AddLine("a");
        _decoder = new QuadratureDecoder(new PulseOptions(), _fixture.Metrics);
        _connection = _fixture.Connect(GpioFixture.Options(GpioMode.Quadrature, "a", "b"), _decoder);
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Each_edge_is_a_step_in_the_direction_in_which_the_shaft_turns()
    {
        await MeasureAsync();
        Turn(forward: true, steps: 10);
        Assert.Equal((10, Quality.Good), await MeasureAsync());

        Turn(forward: false, steps: 17);
        Assert.Equal((-7, Quality.Good), await MeasureAsync());
        Assert.Equal(0, _fixture.Metrics.GpioIllegalSteps.Value);
    }

    [Fact]
    public async Task An_edge_to_what_the_line_was_already_is_illegal_and_makes_the_next_position_uncertain()
    {
        await MeasureAsync();
        Turn(forward: true, steps: 4);
        // The kernel has not seen the line fall.
        _a.Drive(true);
        _a.IsHigh = false;
        _a.Drive(true);

        Assert.Equal((5, Quality.Uncertain), await MeasureAsync());
        Assert.Equal(1, _fixture.Metrics.GpioIllegalSteps.Value);
        Assert.Equal((5, Quality.Good), await MeasureAsync());
    }

    [Fact]
    public async Task Steps_that_found_no_room_are_missed_and_it_goes_on_from_there()
    {
        await MeasureAsync();
        Turn(forward: true, steps: LineSettings.LargestQueue + 1_000);

        (double position, Quality quality) = await MeasureAsync();

        // Of the 1,024 that were left two were needed to know where both lines are.
        Assert.Equal((LineSettings.LargestQueue - 2, Quality.Uncertain), (position, quality));
        Assert.Equal(1_000, _fixture.Metrics.GpioEdgesMissed.Value);
        Turn(forward: true, steps: 3);
        Assert.Equal((position + 3, Quality.Good), await MeasureAsync());
        Assert.Equal(0, _fixture.Metrics.GpioIllegalSteps.Value);
    }

    private void Turn(bool forward, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            SimulatedLine moved = (_a.IsHigh == _b.IsHigh) == forward ? _a : _b;
            moved.Drive(!moved.IsHigh);
        }
    }

    private async Task<(double Position, Quality Quality)> MeasureAsync()
    {
        Measured[] values = await _fixture.MeasureAsync(_connection, _decoder);
        return (values[0].Value, values[0].Quality);
    }
}
