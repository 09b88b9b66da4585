using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>Something that is measured by reading files of the kernel, which may block. Used by one thread at a time.</summary>
internal interface IBlockingDevice : IDisposable
{
    /// <inheritdoc cref="ISensor.Description"/>
    string Description { get; }

    /// <inheritdoc cref="ISensor.Quantities"/>
    IReadOnlyList<Quantity> Quantities { get; }

    /// <inheritdoc cref="ISensor.IsPresent"/>
    bool IsPresent { get; }

    /// <summary>One attempt: as <see cref="ISensor.MeasureAsync"/>, on a thread that may block.</summary>
    void Measure(Span<Measured> values);
}
