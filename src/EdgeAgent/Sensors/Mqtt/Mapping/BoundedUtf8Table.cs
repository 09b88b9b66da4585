using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>
/// Remembers what was worked out for some bytes. A memory, not a truth: where it is full it forgets everything and starts
/// again, which costs working it out once more, and keeps the bound without an order of use to maintain on the data path.
/// </summary>
internal sealed class BoundedUtf8Table<TValue>(int capacity)
    where TValue : class
{
    private readonly ConcurrentDictionary<byte[], TValue> _values = new(Utf8Comparer.Instance);
    private int _count;

    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out TValue? value) =>
        _values.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out value);

    public void Remember(ReadOnlySpan<byte> key, TValue value)
    {
        // Several threads may forget at the same time: harmless, for the same reason.
        if (Interlocked.Increment(ref _count) > capacity)
        {
            _values.Clear();
            Volatile.Write(ref _count, 1);
        }
        _values[key.ToArray()] = value;
    }
}
