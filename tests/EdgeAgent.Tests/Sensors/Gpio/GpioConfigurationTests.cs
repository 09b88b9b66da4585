using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class GpioConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_of_every_mode_are_read()
    {
        IReadOnlyList<GpioLineOptions> lines = Read.Sound(_folder, $$"""
            { {{Read.Cloud(_folder)}}, "gpio": [
              { "line": "DOOR", "series": "door", "bias": "pull-up", "activeLow": true, "debounce": "20ms", "lane": "alarm" },
              { "chip": "pinctrl-rp1", "line": 17, "mode": "counter", "series": "water", "unit": "m3", "scale": 0.001, "interval": "60s" },
              { "chip": 0, "line": 5, "line2": 6, "mode": "quadrature", "series": "shaft" },
              { "chip": "simulated", "line": "relay", "mode": "output", "series": "relay", "initial": true, "pattern": "door", "period": "1m" },
            ] }
            """).GpioLines;

        Assert.Equal([GpioMode.Level, GpioMode.Counter, GpioMode.Quadrature, GpioMode.Output], lines.Select(line => line.Mode));
        Assert.Equal(LineFlags.BiasPullUp | LineFlags.ActiveLow, lines[0].Electrical);
        Assert.Equal(TimeSpan.FromMilliseconds(20), lines[0].Debounce);
        Assert.Equal(SpoolLane.Alarm, lines[0].Sampling.Lane);
        Assert.Null(lines[0].Address.Chip);
        Assert.Equal(LineFlags.EdgeRising, lines[1].Edges);
        Assert.Equal((0.001, 0.001, "m3", "m3/s"), (lines[1].Pulses.Scale, lines[1].Pulses.RateScale, lines[1].Pulses.Unit, lines[1].Pulses.RateUnit));
        Assert.Equal([new LineSelector(null, 5), new LineSelector(null, 6)], lines[2].Address.Lines);
        Assert.Equal(new LinePattern(PatternKind.Door, TimeSpan.FromMinutes(1)), lines[3].Pattern);
        Assert.Equal((true, false), (lines[3].Initial, lines[3].Safe));
    }

    [Fact]
    public void What_is_wrong_with_a_line_is_told_all_at_once()
    {
        string[] errors = Read.Errors(_folder, $$"""
            { {{Read.Cloud(_folder)}}, "gpio": [
              { "line": 17, "series": "a" },
              { "chip": true, "line": "x", "series": "b", "mode": "edges", "interval": "1s" },
              { "line": "y", "series": "b", "mode": "quadrature" },
              { "line": "y", "series": "c", "scale": 2, "pattern": "door" },
              { "line": "z", "series": "d", "mode": "counter", "scale": 0, "safe": true },
              { "chip": "bank", "line": -1, "series": "e" },
            ] }
            """);

        string[] expected =
        [
            """agent.json:2:3: /gpio/0/chip: This key is missing: a line's number means something on its chip only. Add it, or write the line's name.""",
            """agent.json:3:13: /gpio/1/chip: This is true. Write the chip's label as gpiodetect shows it, the number N of /dev/gpiochipN, or "simulated".""",
            """agent.json:3:76: /gpio/1/interval: This key is for mode level or counter or quadrature or output and means nothing here. Remove it, or change "mode".""",
            """agent.json:4:3: /gpio/2/line2: This key is missing: a quadrature has two lines. Add it.""",
            """agent.json:4:28: /gpio/2/series: Another line has this series. Give one of them another.""",
            """agent.json:5:13: /gpio/3/line: The line y stands in the list twice. A line has one mode: remove one of the two.""",
            """agent.json:5:42: /gpio/3/scale: This key is for mode counter or quadrature and means nothing here. Remove it, or change "mode".""",
            """agent.json:5:56: /gpio/3/pattern: This key is for "chip": "simulated". Remove it.""",
            """agent.json:6:61: /gpio/4/scale: This is too near to zero to count with. Write what one pulse is worth.""",
            """agent.json:6:72: /gpio/4/safe: This key is for mode output and means nothing here. Remove it, or change "mode".""",
            """agent.json:7:29: /gpio/5/line: This is the number -1. Write the line's name as gpioinfo shows it, or its number on the chip.""",
        ];
        Assert.Equal(expected, errors);
    }
}
