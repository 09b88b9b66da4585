using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>One line and what it is for. Entry of section <c>gpio</c> of the configuration.</summary>
internal sealed class GpioLineOptions
{
    public required LineAddress Address { get; init; }

    public required GpioMode Mode { get; init; }

    /// <summary>Bias and active-low. Default none of them: the pull resistor is left as it is, and high is true.</summary>
    public LineFlags Electrical { get; init; }

    /// <summary>Edges that come closer than this are left out by the kernel. Default 0 s: it depends on the contact, and a fast pulse must not be lost to it.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>Which edges count. Default both; of a counter the rising ones, so that a pulse is one.</summary>
    public required LineFlags Edges { get; init; }

    /// <summary>Of a counter or a quadrature.</summary>
    public PulseOptions Pulses { get; init; } = new();

    /// <summary>Of an output: its value from the start on. Default false.</summary>
    public bool Initial { get; init; }

    /// <summary>Of an output: its value when the agent ends in order, and after the chip went away and came back. Default false.</summary>
    public bool Safe { get; init; }

    /// <summary>Of a simulated line: what it does.</summary>
    public LinePattern? Pattern { get; init; }

    /// <summary>Everything that its lines are asked for by: two entries that have the same ask for the same lines alike.</summary>
    public string Request => $"{Address}, {(Mode == GpioMode.Output ? "driven" : $"edges {Edges}")}, {Electrical}, debounced {Debounce}, {Pattern}";

    /// <summary>When it is read or repeated, and where its values go.</summary>
    public required SensorOptions Sampling { get; init; }
}

/// <summary>What a pulse, or a step of a quadrature, is worth.</summary>
internal sealed class PulseOptions
{
    /// <summary>One pulse in <see cref="Unit"/>. Default 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>UCUM code of the count. Default none: pulses.</summary>
    public string Unit { get; init; } = "";

    /// <summary>One pulse a second in <see cref="RateUnit"/>. Default: as <see cref="Scale"/>.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>UCUM code of the rate. Default: the count's unit a second.</summary>
    public string RateUnit { get; init; } = "/s";
}
