using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <summary>A time that may not be known at this moment; then there is no measurement. Asked for when the meter is collected.</summary>
internal sealed class ObservedTime(string name, string description)
{
    public Func<TimeSpan?>? Source { get; set; }

    public TimeSpan? Value => Source?.Invoke();

    public void Publish(Meter meter) => meter.CreateObservableGauge(name, Observe, "s", description);

    private IEnumerable<Measurement<double>> Observe() => Value is { } value ? [new Measurement<double>(value.TotalSeconds)] : [];
}
