using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Processing;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Readings;

/// <summary>A series within this process: an index into <see cref="SeriesCatalog"/>.</summary>
internal readonly record struct SeriesId(int Index);

/// <summary>What is known of a series besides its values.</summary>
/// <param name="Id">Its place in the catalog.</param>
/// <param name="Definition">Name, unit, labels, kind, and how often a reading is to be expected. Its ref is the index plus one. Never changed after registration.</param>
/// <param name="Lane">The lane its readings travel in, but for those that are alarms by the rule.</param>
/// <param name="Rule">What is made of them.</param>
/// <param name="Interval">How often its source gives a reading; zero where nobody knows.</param>
internal sealed record Series(SeriesId Id, SeriesDefinition Definition, SpoolLane Lane, ReportRule Rule, TimeSpan Interval)
{
    /// <summary>The newest reading, before any rule.</summary>
    public LastReading Last { get; } = new();
}

/// <summary>
/// All series this process has met, numbered in the order of their first appearance. Bounded: topics come from outside,
/// and a device that invents topics must not exhaust memory here or rows in the cloud.
/// </summary>
/// <param name="capacity">How many series there may be.</param>
/// <param name="rules">What is made of their readings; calibrated ones may have another unit. Null: nothing.</param>
internal sealed class SeriesCatalog(int capacity = SeriesCatalog.DefaultCapacity, ReportRules? rules = null) : ISeriesDefinitions
{
    /// <summary>10,000 series: 2 MB of memory, and more than any one cabinet was seen to hold.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly ConcurrentDictionary<string, Series> _byName = new(StringComparer.Ordinal);
    private readonly Lock _registering = new();
    private Series[] _byIndex = [];

    public ReportRules Rules { get; } = rules ?? ReportRules.None;

    public int Count => Volatile.Read(ref _byIndex).Length;

    public Series this[SeriesId id] => Volatile.Read(ref _byIndex)[id.Index];

    /// <inheritdoc/>
    SeriesDefinition ISeriesDefinitions.this[uint reference] => this[new SeriesId((int)reference - 1)].Definition;

    public bool TryFind(string name, [NotNullWhen(true)] out Series? series) => _byName.TryGetValue(name, out series);

    /// <summary>
    /// Finds a series by name or registers it. The first registration wins: a later one with another kind gets the series
    /// as it is, and the caller checks the kind.
    /// </summary>
    /// <param name="name">Unique within the device.</param>
    /// <param name="unit">UCUM code of what the source gives; a rule may make another of it.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="kind">What its values are.</param>
    /// <param name="lane">Where its readings travel.</param>
    /// <param name="series">What was found or registered.</param>
    /// <param name="interval">How often its source gives a reading; zero where nobody knows.</param>
    /// <returns>False where the catalog is full; the caller counts the reading as dropped for that cause.</returns>
    public bool TryRegister(
        string name, string unit, IReadOnlyDictionary<string, string> labels, SeriesKind kind, SpoolLane lane, [NotNullWhen(true)] out Series? series,
        TimeSpan interval = default)
    {
        if (_byName.TryGetValue(name, out series))
        {
            return true;
        }
        ReportRule rule = Rules.For(name);
        var definition = new SeriesDefinition
        {
            Name = name,
            Unit = rule.UnitOf(kind, unit),
            Kind = kind,
            ExpectedIntervalMilliseconds = Milliseconds(rule.Expect(interval)),
        };
        foreach ((string key, string value) in labels)
        {
            definition.Labels.Add(key, value);
        }
        lock (_registering)
        {
            return _byName.TryGetValue(name, out series) || TryAdd(definition, lane, rule, interval, out series);
        }
    }

    /// <summary>Registers a series that the agent makes of another one, with its labels. No rule is for it: those are for what sources give.</summary>
    /// <param name="source">What it is made of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="unit">UCUM code.</param>
    /// <param name="kind">What its values are.</param>
    /// <param name="lane">Where its readings travel.</param>
    /// <param name="expected">How often a reading of it may be expected; zero where nobody knows.</param>
    /// <param name="series">What was registered.</param>
    /// <returns>False where the catalog is full, a source has a series of that name, or the name is too long. Then it is not made.</returns>
    public bool TryDerive(
        Series source, string name, string unit, SeriesKind kind, SpoolLane lane, TimeSpan expected, [NotNullWhen(true)] out Series? series)
    {
        series = null;
        // Any number will do for the check.
        var definition = new SeriesDefinition { Ref = 1, Name = name, Unit = unit, Kind = kind, ExpectedIntervalMilliseconds = Milliseconds(expected) };
        definition.Labels.Add(source.Definition.Labels);
        if (SeriesDefinitionRules.Violation(definition) is not null)
        {
            return false;
        }
        lock (_registering)
        {
            return !_byName.ContainsKey(name) && TryAdd(definition, lane, ReportRule.Everything, expected, out series);
        }
    }

    private static uint Milliseconds(TimeSpan interval) => (uint)Math.Ceiling(interval.TotalMilliseconds);

    private bool TryAdd(SeriesDefinition definition, SpoolLane lane, ReportRule rule, TimeSpan interval, [NotNullWhen(true)] out Series? series)
    {
        series = null;
        Series[] known = _byIndex;
        if (known.Length >= capacity)
        {
            return false;
        }
        definition.Ref = (uint)known.Length + 1;
        series = new Series(new SeriesId(known.Length), definition, lane, rule, interval);
        // Published before the name is: whoever finds the name can resolve the index. Growth by copying is quadratic in the
        // number of series, which is bounded, and keeps readers free of locks.
        Volatile.Write(ref _byIndex, [.. known, series]);
        _byName[definition.Name] = series;
        return true;
    }
}
