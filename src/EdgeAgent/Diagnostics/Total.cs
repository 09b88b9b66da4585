using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <summary>
/// A count that only grows: one interlocked addition to write, one load to read. The meter looks at it when somebody
/// collects, so that nobody pays for a listener on the data path.
/// </summary>
internal sealed class Total(string name, string unit, string description)
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long amount = 1) => Interlocked.Add(ref _value, amount);

    public void Publish(Meter meter) => meter.CreateObservableCounter(name, () => Value, unit, description);
}
