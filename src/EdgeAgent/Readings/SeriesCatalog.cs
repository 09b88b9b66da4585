using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Processing;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Readings;

/// <summary>
/// All series this process has met, numbered in the order of their first appearance. Bounded: topics come from outside,
/// and a device that invents topics must not exhaust memory here or rows in the cloud.
/// A definition never changes: a series that is described otherwise after a change of the configuration gets another number under the same name, and the
/// earlier number stays what it was for the readings and segments that refer to it. It counts towards the capacity as long as the process lives.
/// </summary>
/// <param name="capacity">How many series there may be.</param>
/// <param name="rules">What is made of their readings; calibrated ones may have another unit. Null: nothing.</param>
internal sealed partial class SeriesCatalog(int capacity = SeriesCatalog.DefaultCapacity, ReportRules? rules = null) : ISeriesDefinitions
{
    /// <summary>10,000 series: 2 MB of memory, and more than any one cabinet was seen to hold.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly ConcurrentDictionary<string, Series> _byName = new(StringComparer.Ordinal);
    private readonly Lock _registering = new();
    private Series[] _byIndex = [];
    private int[] _targets = []; // by index, another one only where a change of the rules has put it in its place
    private ReportRules _rules = rules ?? ReportRules.None;
    private int _generation;

    public ReportRules Rules => Volatile.Read(ref _rules);

    /// <summary>How often the rules were changed. Of two sources with one name the first wins within a generation.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public int Count => Volatile.Read(ref _byIndex).Length;

    /// <summary>Different names: what has been replaced by another series of its name does not count.</summary>
    public int Names => _byName.Count;

    /// <summary>How many more series there may be.</summary>
    public int Room => capacity - Count;

    public Series this[SeriesId id] => Volatile.Read(ref Volatile.Read(ref _byIndex)[id.Index]);

    /// <inheritdoc/>
    SeriesDefinition ISeriesDefinitions.this[uint reference] => this[new SeriesId((int)reference - 1)].Definition;

    /// <summary>The series that a reading goes to whose source knows it by this id: the same, or the one that a change of the rules has put in its place.</summary>
    public Series TargetOf(SeriesId id)
    {
        int target = Volatile.Read(ref Volatile.Read(ref _targets)[id.Index]);
        return Volatile.Read(ref Volatile.Read(ref _byIndex)[target]);
    }

    public bool TryFind(string name, [NotNullWhen(true)] out Series? series) => _byName.TryGetValue(name, out series);

    /// <summary>
    /// Finds a series by name or registers it. The first registration wins: a later one that says something else gets the series
    /// as it is, and the caller checks the kind. After a change of the configuration it is the later one that wins, and the name gets another series.
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
        if (_byName.TryGetValue(name, out series) && series.Generation == Generation)
        {
            return true;
        }
        lock (_registering)
        {
            if (_byName.TryGetValue(name, out Series? before))
            {
                if (before.Generation == _generation || before.IsAs(unit, labels, kind, lane, interval))
                {
                    // From now on it is there again, and another that says something else comes second.
                    series = before with { Generation = _generation };
                    Put(series);
                    return true;
                }
            }
            ReportRule rule = _rules.For(name);
            SeriesDefinition definition = Define(name, unit, kind, rule, interval);
            foreach ((string key, string value) in labels)
            {
                definition.Labels.Add(key, value);
            }
            return TryAdd(new Series(default, definition, lane, rule, interval) { SourceUnit = unit, Before = before?.Id }, out series);
        }
    }

    /// <summary>Registers a series that the agent makes of another one, with its labels. No rule is for it: those are for what sources give.</summary>
    /// <param name="source">What it is made of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="unit">UCUM code.</param>
    /// <param name="kind">What its values are.</param>
    /// <param name="lane">Where its readings travel.</param>
    /// <param name="expected">How often a reading of it may be expected; zero where nobody knows.</param>
    /// <param name="series">What was registered, now or earlier.</param>
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
            if (_byName.TryGetValue(name, out Series? before))
            {
                if (!before.IsDerived)
                {
                    return false;
                }
                definition.Ref = before.Definition.Ref;
                if (before.Lane == lane && before.Definition.Equals(definition))
                {
                    series = before;
                    return true;
                }
            }
            return TryAdd(new Series(default, definition, lane, ReportRule.Everything, expected) { IsDerived = true }, out series);
        }
    }

    private static SeriesDefinition Define(string name, string unit, SeriesKind kind, ReportRule rule, TimeSpan interval) => new()
    {
        Name = name,
        Unit = rule.UnitOf(kind, unit),
        Kind = kind,
        ExpectedIntervalMilliseconds = Milliseconds(rule.Expect(interval)),
    };

    private static uint Milliseconds(TimeSpan interval) => (uint)Math.Ceiling(interval.TotalMilliseconds);

    /// <summary>Gives it a number of its own, and its name.</summary>
    private bool TryAdd(Series described, [NotNullWhen(true)] out Series? series)
    {
        series = null;
        Series[] known = _byIndex;
        if (known.Length >= capacity)
        {
            return false;
        }
        described.Definition.Ref = (uint)known.Length + 1;
        series = described with { Id = new SeriesId(known.Length), Generation = _generation };
        // Published before the name is: whoever finds the name can resolve the index. Growth by copying is quadratic in the
        // number of series, which is bounded, and keeps readers free of locks.
        Volatile.Write(ref _targets, [.. _targets, known.Length]);
        Volatile.Write(ref _byIndex, [.. known, series]);
        _byName[series.Definition.Name] = series;
        return true;
    }

    /// <summary>The series of a name as it is known from now on, under the number that it has.</summary>
    private void Put(Series series)
    {
        Volatile.Write(ref _byIndex[series.Id.Index], series);
        _byName[series.Definition.Name] = series;
    }
}
