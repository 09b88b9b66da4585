using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <summary>What is so at this moment: may rise and fall. Cheap to write; the meter looks at it when somebody collects.</summary>
internal sealed class Level(string name, string unit, string description)
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Set(long value) => Volatile.Write(ref _value, value);

    public void Publish(Meter meter) => meter.CreateObservableGauge(name, () => Value, unit, description);
}
