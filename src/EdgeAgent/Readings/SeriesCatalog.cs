using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Readings;

/// <summary>A series within this process: an index into <see cref="SeriesCatalog"/>.</summary>
internal readonly record struct SeriesId(int Index);

/// <summary>What is known of a series besides its values.</summary>
/// <param name="Id">Its place in the catalog.</param>
/// <param name="Definition">Name, unit, labels, kind, and how often a reading is to be expected. Its ref is the index plus one. Never changed after registration.</param>
/// <param name="Lane">The lane its readings travel in.</param>
internal sealed record Series(SeriesId Id, SeriesDefinition Definition, SpoolLane Lane);

/// <summary>
/// All series this process has met, numbered in the order of their first appearance. Bounded: topics come from outside,
/// and a device that invents topics must not exhaust memory here or rows in the cloud.
/// </summary>
internal sealed class SeriesCatalog(int capacity = SeriesCatalog.DefaultCapacity) : ISeriesDefinitions
{
    /// <summary>10,000 series: 2 MB of memory, and more than any one cabinet was seen to hold.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly ConcurrentDictionary<string, Series> _byName = new(StringComparer.Ordinal);
    private readonly Lock _registering = new();
    private Series[] _byIndex = [];

    public int Count => Volatile.Read(ref _byIndex).Length;

    public Series this[SeriesId id] => Volatile.Read(ref _byIndex)[id.Index];

    /// <inheritdoc/>
    SeriesDefinition ISeriesDefinitions.this[uint reference] => this[new SeriesId((int)reference - 1)].Definition;

    public bool TryFind(string name, [NotNullWhen(true)] out Series? series) => _byName.TryGetValue(name, out series);

    /// <summary>
    /// Finds a series by name or registers it. The first registration wins: a later one with another kind gets the series
    /// as it is, and the caller checks the kind.
    /// </summary>
    /// <returns>False where the catalog is full; the caller counts the reading as dropped for that cause.</returns>
    public bool TryRegister(
        string name, string unit, IReadOnlyDictionary<string, string> labels, SeriesKind kind, SpoolLane lane, [NotNullWhen(true)] out Series? series,
        TimeSpan expectedInterval = default)
    {
        if (_byName.TryGetValue(name, out series))
        {
            return true;
        }
        lock (_registering)
        {
            if (_byName.TryGetValue(name, out series))
            {
                return true;
            }
            Series[] known = _byIndex;
            if (known.Length >= capacity)
            {
                return false;
            }
            var definition = new SeriesDefinition
            {
                Ref = (uint)known.Length + 1,
                Name = name,
                Unit = unit,
                Kind = kind,
                ExpectedIntervalMilliseconds = (uint)Math.Ceiling(expectedInterval.TotalMilliseconds),
            };
            foreach ((string key, string value) in labels)
            {
                definition.Labels.Add(key, value);
            }
            series = new Series(new SeriesId(known.Length), definition, lane);
            // Published before the name is: whoever finds the name can resolve the index. Growth by copying is quadratic in the
            // number of series, which is bounded, and keeps readers free of locks.
            Volatile.Write(ref _byIndex, [.. known, series]);
            _byName[name] = series;
            return true;
        }
    }
}
