using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <summary>A <see cref="Total"/> for each of some names that the configuration gives, told apart by one attribute.</summary>
internal sealed class TotalByName(string name, string unit, string description, string attribute)
{
    private readonly ConcurrentDictionary<string, Total> _totals = new(StringComparer.Ordinal);

    /// <summary>The sum over all names.</summary>
    public long Sum => _totals.Values.Sum(total => total.Value);

    /// <summary>The total of one name, to be kept by whoever counts.</summary>
    public Total Of(string which) => _totals.GetOrAdd(which, _ => new Total(name, unit, description));

    public void Publish(Meter meter) => meter.CreateObservableCounter(
        name, () => _totals.Select(pair => new Measurement<long>(pair.Value.Value, KeyValuePair.Create(attribute, (object?)pair.Key))), unit, description);
}
