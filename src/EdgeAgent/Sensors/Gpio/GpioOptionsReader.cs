using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>Section <c>gpio</c>: a list of lines.</summary>
internal static class GpioOptionsReader
{
    /// <summary>As many counters have room in one page of flash (<see cref="CounterFile"/>), and more lines than boards have pins.</summary>
    public const int MaximumLines = 128;

    private const LineFlags BothEdges = LineFlags.EdgeRising | LineFlags.EdgeFalling;

    /// <summary>Keys that mean something with some modes only. What is not here is for all of them.</summary>
    private static readonly (string Key, GpioMode[] Modes)[] Bound =
    [
        ("line2", [GpioMode.Quadrature]),
        ("debounce", [GpioMode.Level, GpioMode.Edges, GpioMode.Counter, GpioMode.Quadrature]),
        ("edge", [GpioMode.Edges, GpioMode.Counter]),
        ("interval", [GpioMode.Level, GpioMode.Counter, GpioMode.Quadrature, GpioMode.Output]),
        ("phase", [GpioMode.Counter, GpioMode.Quadrature]),
        ("unit", [GpioMode.Counter, GpioMode.Quadrature]),
        ("scale", [GpioMode.Counter, GpioMode.Quadrature]),
        ("rateUnit", [GpioMode.Counter]),
        ("rateScale", [GpioMode.Counter]),
        ("initial", [GpioMode.Output]),
        ("safe", [GpioMode.Output]),
    ];

    public static IReadOnlyList<GpioLineOptions> Read(ConfigSection root)
    {
        var lines = new List<GpioLineOptions>();
        var seen = new HashSet<(ChipSelector?, LineSelector)>();
        foreach (ConfigSection section in root.Sections("gpio"))
        {
            GpioLineOptions line = ReadLine(section);
            if (lines.Any(other => other.Sampling.Series == line.Sampling.Series))
            {
                section.Report("series", "Another line has this series. Give one of them another.");
            }
            foreach (LineSelector selector in line.Address.Lines)
            {
                if (!seen.Add((line.Address.Chip, selector)))
                {
                    section.Report("line", $"The line {selector} stands in the list twice. A line has one mode: remove one of the two.");
                }
            }
            lines.Add(line);
        }
        if (lines.Count > MaximumLines)
        {
            root.Report("gpio", $"There are {lines.Count} lines here; the agent takes {MaximumLines}. Remove some.");
        }
        return lines;
    }

    private static GpioLineOptions ReadLine(ConfigSection section)
    {
        GpioMode mode = section.Choice(
            "mode", GpioMode.Level, ("level", GpioMode.Level), ("edges", GpioMode.Edges), ("counter", GpioMode.Counter),
            ("quadrature", GpioMode.Quadrature), ("output", GpioMode.Output));
        LineFlags? edges = section.Choice<LineFlags?>(
            "edge", null, ("rising", LineFlags.EdgeRising), ("falling", LineFlags.EdgeFalling), ("both", BothEdges));
        LineAddress address = ReadAddress(section, mode);
        LineFlags bias = section.Choice(
            "bias", LineFlags.None, ("as-is", LineFlags.None), ("pull-up", LineFlags.BiasPullUp), ("pull-down", LineFlags.BiasPullDown),
            ("disabled", LineFlags.BiasDisabled));
        var line = new GpioLineOptions
        {
            Address = address,
            Mode = mode,
            Electrical = bias | (section.Flag("activeLow", false) ? LineFlags.ActiveLow : LineFlags.None),
            Debounce = section.Time("debounce", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(10)),
            Edges = edges ?? (mode == GpioMode.Counter ? LineFlags.EdgeRising : BothEdges),
            Pulses = ReadPulses(section),
            Initial = section.Flag("initial", false),
            Safe = section.Flag("safe", false),
            Pattern = ReadPattern(section, address.Chip == ChipSelector.Simulated),
            Sampling = SensorOptionsReader.Read(section),
        };
        foreach ((string key, GpioMode[] modes) in Bound)
        {
            if (section.Has(key) && !modes.Contains(mode))
            {
                string words = string.Join(" or ", modes.Select(word => word.ToString().ToLowerInvariant()));
                section.Report(key, $"This key is for mode {words} and means nothing here. Remove it, or change \"mode\".");
            }
        }
        return line;
    }

    private static LineAddress ReadAddress(ConfigSection section, GpioMode mode)
    {
        ChipSelector? chip = ReadChip(section);
        LineSelector line = ReadSelector(section, "line", required: true);
        LineSelector second = ReadSelector(section, "line2");
        if (mode == GpioMode.Quadrature && !section.Has("line2"))
        {
            section.Report("line2", "This key is missing: a quadrature has two lines. Add it.");
        }
        if (chip is null && (line.Name is null || (section.Has("line2") && second.Name is null)))
        {
            section.Report("chip", "This key is missing: a line's number means something on its chip only. Add it, or write the line's name.");
        }
        return new LineAddress(chip, section.Has("line2") ? [line, second] : [line]);
    }

    private static ChipSelector? ReadChip(ConfigSection section)
    {
        ConfigNode? value = section.Any("chip");
        if (value is null)
        {
            return null;
        }
        if (value.Kind == ConfigNodeKind.Text && value.Text.Length > 0)
        {
            return new ChipSelector(value.Text, 0);
        }
        if (value.Kind == ConfigNodeKind.Number && int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return new ChipSelector(null, number);
        }
        section.Report("chip", $"This is {value.Describe()}. Write the chip's label as gpiodetect shows it, the number N of /dev/gpiochipN, or \"simulated\".");
        return ChipSelector.Simulated;
    }

    private static LineSelector ReadSelector(ConfigSection section, string key, bool required = false)
    {
        ConfigNode? value = section.Any(key, required);
        if (value is { Kind: ConfigNodeKind.Number } && int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int offset))
        {
            return new LineSelector(null, offset);
        }
        if (value is not null && value is not { Kind: ConfigNodeKind.Text, Text.Length: > 0 })
        {
            section.Report(key, $"This is {value.Describe()}. Write the line's name as gpioinfo shows it, or its number on the chip.");
        }
        return new LineSelector(value?.Text ?? "", 0);
    }

    private static PulseOptions ReadPulses(ConfigSection section)
    {
        // A scale of either sign, as a shaft may turn the other way; never nothing at all.
        double scale = ReadScale(section, "scale") ?? 1;
        string unit = section.Text("unit", "");
        return new PulseOptions
        {
            Scale = scale,
            Unit = unit,
            RateScale = ReadScale(section, "rateScale") ?? scale,
            RateUnit = section.Text("rateUnit") ?? unit + "/s",
        };
    }

    private static double? ReadScale(ConfigSection section, string key)
    {
        double? scale = section.Number(key, -1e9, 1e9);
        if (scale is { } value && Math.Abs(value) < 1e-9)
        {
            section.Report(key, "This is too near to zero to count with. Write what one pulse is worth.");
            return null;
        }
        return scale;
    }

    private static LinePattern? ReadPattern(ConfigSection section, bool isSimulated)
    {
        PatternKind kind = section.Choice("pattern", PatternKind.Square, ("square", PatternKind.Square), ("door", PatternKind.Door));
        TimeSpan period = section.Time("period", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        foreach (string key in (ReadOnlySpan<string>)["pattern", "period"])
        {
            if (!isSimulated && section.Has(key))
            {
                section.Report(key, "This key is for \"chip\": \"simulated\". Remove it.");
            }
        }
        return isSimulated ? new LinePattern(kind, period) : null;
    }
}
