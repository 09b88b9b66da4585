using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <summary>A count that somebody else keeps, such as the kernel. Asked for when the meter is collected; where it cannot be had there is none.</summary>
internal sealed class Observed(string name, string unit, string description)
{
    public Func<long?>? Source { get; set; }

    public void Publish(Meter meter) => meter.CreateObservableCounter(name, Observe, unit, description);

    private IEnumerable<Measurement<long>> Observe() => Source?.Invoke() is { } value ? [new Measurement<long>(value)] : [];
}
