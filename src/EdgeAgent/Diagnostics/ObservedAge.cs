using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <summary>How long something has lasted at this moment. Asked for when the meter is collected; zero where nobody answers.</summary>
internal sealed class ObservedAge(string name, string description)
{
    public Func<TimeSpan>? Source { get; set; }

    public TimeSpan Value => Source?.Invoke() ?? TimeSpan.Zero;

    public void Publish(Meter meter) => meter.CreateObservableGauge(name, () => Value.TotalSeconds, "s", description);
}
