namespace EdgeAgent.Sensors.Gpio;

/// <summary>What a line is for.</summary>
internal enum GpioMode
{
    /// <summary>A state, such as a door's: reported at the start, on each change, and at the interval.</summary>
    Level,

    /// <summary>Each edge is a reading of its own, with the kernel's time.</summary>
    Edges,

    /// <summary>Pulses are counted: flow, energy, rain.</summary>
    Counter,

    /// <summary>Two lines, a quarter of a period apart: a position.</summary>
    Quadrature,

    /// <summary>Driven by the agent.</summary>
    Output,
}
