using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class OutputTests : IDisposable
{
    private readonly GpioFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_output_has_its_initial_value_at_the_start_and_its_safe_one_at_the_end(bool initial, bool safe)
    {
        (LineConnection output, SimulatedLine line) = Output(initial, safe);
        Assert.Equal(initial, line.IsHigh);

        output.End();

        Assert.Equal(safe, line.IsHigh);
        Assert.Null(line.Request);
        Assert.Equal(OutputOutcome.Absent, output.Set(!safe));
        output.Turn(isReady: false);
        Assert.Equal(safe, line.IsHigh);
        Assert.Null(line.Request);
    }

    [Fact]
    public void What_is_set_is_driven_and_reported()
    {
        (LineConnection output, SimulatedLine line) = Output(initial: false, safe: false);
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(OutputOutcome.Set, output.Set(true));

        Assert.True(line.IsHigh);
        Assert.Equal([(0, 0, Quality.Good), (1, 1, Quality.Good)], _fixture.Readings());
    }

    [Fact]
    public void An_output_that_was_away_comes_back_safe_whatever_was_set_before()
    {
        (LineConnection output, SimulatedLine line) = Output(initial: true, safe: false);
        output.Set(true);
        _fixture.Chip.IsPresent = false;
        output.Turn(isReady: true);
        Assert.Equal(OutputOutcome.Absent, output.Set(true));
        _fixture.Chip.IsPresent = true;

        output.Turn(isReady: false);

        Assert.False(line.IsHigh);
        Assert.Equal([1, 1, 0, 0], _fixture.Readings().Select(reading => reading.Value));
    }

    [Fact]
    public void Open_drain_lines_are_left_alone_at_the_start_and_at_the_end()
    {
        SimulatedLine clock = _fixture.Chip.AddLine("scl");
        SimulatedLine data = _fixture.Chip.AddLine("sda");
        var address = new LineAddress(new ChipSelector("bank", 0), [new LineSelector("scl", 0), new LineSelector(null, 1)]);

        Assert.Equal(LineOutcome.Ready, OpenDrainLines.TryRequest(_fixture.Gpio, address, out OpenDrainLines? lines));
        Assert.True(clock.IsHigh && data.IsHigh);
        Assert.True(lines!.TryDrive(clock: false, data: true));
        Assert.True(lines.TryRead(out bool isClockHigh, out bool isDataHigh));
        Assert.Equal((false, true), (isClockHigh, isDataHigh));
        Assert.False(clock.IsHigh);
        lines.Dispose();

        Assert.True(clock.IsHigh && data.IsHigh);
        Assert.Null(clock.Request);
    }

    private (LineConnection Output, SimulatedLine Line) Output(bool initial, bool safe)
    {
        SimulatedLine line = _fixture.Chip.AddLine("relay");
        var options = new GpioLineOptions
        {
            Address = new LineAddress(null, [new LineSelector("relay", 0)]),
            Mode = GpioMode.Output,
            Edges = LineFlags.None,
            Initial = initial,
            Safe = safe,
            Sampling = new SensorOptions { Series = "relay" },
        };
        return (_fixture.Connect(options, new OutputLine(_fixture.Series(), TimeSpan.FromMinutes(1))), line);
    }
}
