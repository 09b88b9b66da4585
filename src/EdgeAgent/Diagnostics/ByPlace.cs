using System.Collections.Concurrent;

namespace EdgeAgent.Diagnostics;

/// <summary>One counter or level for each place (a bus, a chip), under one instrument, told apart by an attribute. Places come from the configuration, so they are few.</summary>
/// <param name="attribute">The name of the attribute that says which place.</param>
/// <param name="create">Makes the counter of a place.</param>
internal sealed class ByPlace<TCounter>(string attribute, Func<TCounter> create)
{
    private readonly ConcurrentDictionary<string, TCounter> _places = new(StringComparer.Ordinal);

    /// <summary>To be kept by whoever counts.</summary>
    public TCounter At(string place) => _places.GetOrAdd(place, _ => create());

    public IEnumerable<(TCounter Counter, KeyValuePair<string, object?> Place)> All =>
        _places.Select(place => (place.Value, KeyValuePair.Create(attribute, (object?)place.Key)));
}
