using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Simulation;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class AbsenceTests : IDisposable
{
    private readonly GpioFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_chip_that_is_absent_is_a_quality_and_looked_for_ever_more_rarely()
    {
        _fixture.Chip.IsPresent = false;
        (LineConnection door, _) = _fixture.Level();
        var waits = new List<double>();
        for (int i = 0; i < 8; i++)
        {
            TimeSpan wait = door.Turn(isReady: false);
            waits.Add(wait.TotalSeconds);
            _fixture.Time.Advance(wait);
        }

        // Once a minute the reading says so again, too.
        Assert.Equal([1, 2, 4, 8, 16, 29, 3, 57], waits);
        Assert.Equal([(0, 0, Quality.NoResponse), (60, 0, Quality.NoResponse)], _fixture.Readings());
        Assert.Single(_fixture.Log.Lines);
    }

    [Fact]
    public void A_chip_that_goes_away_is_a_quality_at_once_and_its_return_is_seen()
    {
        (LineConnection door, SimulatedLine line) = _fixture.Level();
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        _fixture.Chip.IsPresent = false;
        door.Turn(isReady: true);
        Assert.False(door.IsConnected);
        door.Turn(isReady: false);
        line.IsHigh = true;
        _fixture.Chip.IsPresent = true;
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        door.Turn(isReady: false);

        Assert.True(door.IsConnected);
        Assert.Equal([(0, 0, Quality.Good), (5, 0, Quality.NoResponse), (6, 1, Quality.Good)], _fixture.Readings());
    }

    [Fact]
    public void A_line_that_another_program_has_is_one_warning_that_names_it()
    {
        SimulatedLine line = _fixture.Chip.AddLine("door");
        line.Consumer = "gpio-keys";
        LineConnection door = _fixture.Connect(GpioFixture.Options(GpioMode.Level, "door"), new LevelLine(_fixture.Series(), TimeSpan.FromMinutes(1)));
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        door.Turn(isReady: false);

        Assert.Equal(
            ["""Warning: s: the line door of any chip belongs to "gpio-keys". Stop that, or use another line. It is tried again until it works; its readings say that it is not there."""],
            _fixture.Log.Lines);

        line.Consumer = "";
        _fixture.Time.Advance(TimeSpan.FromSeconds(2));
        door.Turn(isReady: false);
        Assert.True(door.IsConnected);
    }

    [Theory]
    [InlineData("bank", null, "spare", 0, LineOutcome.Ready)]
    [InlineData("gpiochip0", null, "spare", 0, LineOutcome.Ready)]
    [InlineData(null, 0, "spare", 0, LineOutcome.Ready)]
    [InlineData(null, 0, null, 1, LineOutcome.Ready)]
    [InlineData(null, null, "spare", 0, LineOutcome.Ready)]
    [InlineData(null, null, "twin", 0, LineOutcome.LineAmbiguous)]
    [InlineData("bank", null, "twin", 0, LineOutcome.Ready)]
    [InlineData("bank", null, "none", 0, LineOutcome.LineAbsent)]
    [InlineData("bank", null, null, 2, LineOutcome.LineAbsent)]
    [InlineData("pair", null, "p", 0, LineOutcome.ChipAmbiguous)]
    [InlineData("none", null, "spare", 0, LineOutcome.ChipAbsent)]
    [InlineData(null, 9, "spare", 0, LineOutcome.ChipAbsent)]
    [InlineData(null, null, "none", 0, LineOutcome.LineAbsent)]
    public void Lines_are_found_by_label_name_and_number_and_never_by_guessing(string? chip, int? number, string? line, int offset, object expected)
    {
        _fixture.Chip.AddLine("twin");
        _fixture.Chip.AddLine("spare");
        _fixture.Gpio.AddChip("other").AddLine("twin");
        _fixture.Gpio.AddChip("pair").AddLine("p");
        _fixture.Gpio.AddChip("pair").AddLine("p");
        ChipSelector? selector = chip is not null ? new ChipSelector(chip, 0) : number is { } n ? new ChipSelector(null, n) : null;

        LineOutcome outcome = LineFinder.Find(_fixture.Gpio, new LineAddress(selector, [new LineSelector(line, offset)]), out IGpioChip? found, out _);

        Assert.Equal((LineOutcome)expected, outcome);
        Assert.Equal(outcome == LineOutcome.Ready, found is not null);
    }

    [Fact]
    public void Every_obstacle_has_words()
    {
        var address = new LineAddress(new ChipSelector("bank", 0), [new LineSelector("door", 0)]);
        foreach (LineOutcome outcome in Enum.GetValues<LineOutcome>().Except([LineOutcome.Ready]))
        {
            Assert.EndsWith(".", LineObstacle.Describe(outcome, address, ""), StringComparison.Ordinal);
        }
    }
}
