using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Readings;

/// <summary>A series within this process: an index into <see cref="SeriesCatalog"/>.</summary>
internal readonly record struct SeriesId(int Index);

/// <summary>What is known of a series besides its values.</summary>
/// <param name="Id">Its place in the catalog.</param>
/// <param name="Definition">Name, unit, labels, kind, and how often a reading is to be expected. Its ref is the index plus one. Never changed after registration.</param>
/// <param name="Lane">The lane its readings travel in, but for those that are alarms by the rule.</param>
/// <param name="Rule">What is made of them. Changes only as long as the definition stays what it is.</param>
/// <param name="Interval">How often its source gives a reading; zero where nobody knows.</param>
internal sealed record Series(SeriesId Id, SeriesDefinition Definition, SpoolLane Lane, ReportRule Rule, TimeSpan Interval)
{
    /// <summary>The newest reading, before any rule. Stays with the series whatever becomes of its rule.</summary>
    public LastReading Last { get; } = new();

    /// <summary>UCUM code of what the source gives, of which the rule may have made another.</summary>
    public string SourceUnit { get; init; } = Definition.Unit;

    /// <summary>The agent makes it of another series: no rule is for it.</summary>
    public bool IsDerived { get; init; }

    /// <summary>The <see cref="SeriesCatalog.Generation"/> in which somebody last registered it.</summary>
    public int Generation { get; init; }

    /// <summary>What had its name before: what was going on there goes on here. Null: the name is new.</summary>
    public SeriesId? Before { get; init; }

    /// <summary>Whether a source that says this of a series says what it said before.</summary>
    public bool IsAs(string unit, IReadOnlyDictionary<string, string> labels, SeriesKind kind, SpoolLane lane, TimeSpan interval) =>
        (SourceUnit, Definition.Kind, Lane, Interval) == (unit, kind, lane, interval)
        && Definition.Labels.Count == labels.Count
        && Definition.Labels.All(label => labels.TryGetValue(label.Key, out string? value) && value == label.Value);
}
