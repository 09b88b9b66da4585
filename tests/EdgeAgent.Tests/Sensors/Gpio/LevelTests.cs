using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Spooling;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class LevelTests : IDisposable
{
    private readonly GpioFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_level_is_reported_at_the_start_on_each_edge_and_at_each_interval()
    {
        (LineConnection door, SimulatedLine line) = _fixture.Level();
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        line.Drive(true);
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        line.Drive(false);
        door.Turn(isReady: true);
        _fixture.Time.Advance(TimeSpan.FromSeconds(40));
        door.Turn(isReady: false);

        Assert.Equal([(0, 0, Quality.Good), (10, 1, Quality.Good), (20, 0, Quality.Good), (60, 0, Quality.Good)], _fixture.Readings());
        Assert.Equal(4, _fixture.Metrics.ReadingsRead[ReadingSource.Gpio]);
    }

    [Fact]
    public void An_edge_that_nobody_has_read_yet_comes_before_the_repetition()
    {
        (LineConnection door, SimulatedLine line) = _fixture.Level();
        _fixture.Time.Advance(TimeSpan.FromSeconds(59));
        line.Drive(true);
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));

        door.Turn(isReady: false);

        Assert.Equal([(0, 0, Quality.Good), (59, 1, Quality.Good), (60, 1, Quality.Good)], _fixture.Readings());
    }

    [Fact]
    public void Edges_of_a_level_that_the_kernel_had_no_room_for_are_lost_by_number_and_the_level_is_right()
    {
        (LineConnection door, SimulatedLine line) = _fixture.Level();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1));
        _fixture.Pulse(line, 1_000);
        line.Drive(true);

        door.Turn(isReady: true);

        (double, double Value, Quality)[] readings = _fixture.Readings();
        Assert.Equal(1 + LineSettings.LargestQueue, readings.Length);
        Assert.Equal(1, readings[^1].Value);
        long missed = 2_001 - LineSettings.LargestQueue;
        Assert.Equal(missed, _fixture.Metrics.ReadingsDropped[DropCause.KernelQueueFull]);
        Assert.Equal(missed, _fixture.Metrics.GpioEdgesMissed.Value);
        Assert.Equal(missed, _fixture.Channel.Lost.Take(SpoolLane.Live, _fixture.Channel.Lost.Cause));
    }

    [Fact]
    public void A_chip_without_interrupts_is_read_at_the_interval_and_the_log_says_so()
    {
        _fixture.Chip.HasInterrupts = false;
        (LineConnection door, SimulatedLine line) = _fixture.Level();
        line.Drive(true);
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        door.Turn(isReady: false);

        Assert.Equal([(0, 0, Quality.Good), (60, 1, Quality.Good)], _fixture.Readings());
        Assert.Contains(_fixture.Log.Lines, line => line.Contains("raises no interrupts", StringComparison.Ordinal));
    }

    [Fact]
    public void An_active_low_line_is_true_while_it_is_low()
    {
        SimulatedLine line = _fixture.Chip.AddLine("contact");
        var options = new GpioLineOptions
        {
            Address = new LineAddress(null, [new LineSelector("contact", 0)]),
            Mode = GpioMode.Level,
            Edges = LineFlags.None,
            Electrical = LineFlags.ActiveLow | LineFlags.BiasPullUp,
            Sampling = GpioFixture.Options(GpioMode.Level).Sampling,
        };
        LineConnection contact = _fixture.Connect(options, new LevelLine(_fixture.Series(), TimeSpan.FromMinutes(1)));
        line.Drive(true);
        contact.Turn(isReady: true);

        Assert.Equal([1, 0], _fixture.Readings().Select(reading => reading.Value));
    }

    [Fact]
    public void Each_edge_is_a_reading_with_the_kernels_time()
    {
        SimulatedLine line = _fixture.Chip.AddLine("button");
        LineConnection button = _fixture.Connect(
            GpioFixture.Options(GpioMode.Edges, "button"), new EdgeLine(_fixture.Series(), LineFlags.EdgeRising | LineFlags.EdgeFalling));
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        line.Drive(true);
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(5));
        line.Drive(false);
        _fixture.Time.Advance(TimeSpan.FromSeconds(7));
        button.Turn(isReady: true);

        Assert.Equal([(1, 1, Quality.Good), (1.005, 0, Quality.Good)], _fixture.Readings());
    }

    [Fact]
    public void Where_the_channel_is_full_readings_of_edges_are_lost_by_number()
    {
        using var fixture = new GpioFixture(channelCapacity: 2);
        (LineConnection door, SimulatedLine line) = fixture.Level();
        fixture.Pulse(line, 2);
        door.Turn(isReady: true);

        Assert.Equal(3, fixture.Metrics.ReadingsDropped[DropCause.ChannelFull]);
        Assert.Equal(3, fixture.Channel.Lost.Take(SpoolLane.Live, fixture.Channel.Lost.Cause));
    }

    [Fact]
    public void A_time_is_the_agents_clock_less_the_age_of_the_edge_whatever_its_clock_began_with()
    {
        var times = new EventTimes(1_000_000, KernelNow: 777);

        Assert.Equal(1_000_000 - 77, times.At(700).UnixNanoseconds);
    }
}
