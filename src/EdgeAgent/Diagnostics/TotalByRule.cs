using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <summary>A count for each report rule in force and each of its effects. There are as many as the configuration has rules. One thread adds.</summary>
internal sealed class TotalByRule(string name, string unit, string description)
{
    private Row[] _rows = [];

    public TotalBy<RuleEffect> this[int rule] => Volatile.Read(ref _rows)[rule].Counts;

    /// <summary>Other rules are in force. A name that stays goes on counting; one that is gone is not published any more.</summary>
    /// <param name="rules">The names of series that each is for, all different.</param>
    public void Use(IEnumerable<string> rules)
    {
        Dictionary<string, Row> before = _rows.ToDictionary(row => row.Rule, StringComparer.Ordinal);
        Volatile.Write(ref _rows, [.. rules.Select(rule => before.GetValueOrDefault(rule) ?? new Row(rule, Unpublished()))]);
    }

    /// <summary>A count that nobody sees.</summary>
    public TotalBy<RuleEffect> Unpublished() => new(name, unit, description, "effect");

    public void Publish(Meter meter) => meter.CreateObservableCounter(name, Observe, unit, description);

    private IEnumerable<Measurement<long>> Observe() =>
        from row in Volatile.Read(ref _rows)
        from measurement in row.Counts.Observe(KeyValuePair.Create("rule", (object?)row.Rule))
        select measurement;

    private sealed record Row(string Rule, TotalBy<RuleEffect> Counts);
}
