using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>One kind of thing that is watched on the device itself.</summary>
internal interface IHostProbe : IDisposable
{
    /// <summary>What this machine has of it; none where it has none. Asked once, before the first measurement; counters begin here.</summary>
    IReadOnlyList<Quantity> Find();

    /// <param name="values">One for each quantity.</param>
    void Measure(Span<Measured> values);
}
