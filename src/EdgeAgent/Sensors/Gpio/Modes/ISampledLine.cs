using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Gpio.Modes;

/// <summary>A line whose edges add up to something that is read at a rate.</summary>
internal interface ISampledLine
{
    IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Called by the sampler, while edges come.</summary>
    /// <param name="values">One for each quantity.</param>
    /// <param name="now">On the clock of the events.</param>
    void Sample(Span<Measured> values, long now);
}
