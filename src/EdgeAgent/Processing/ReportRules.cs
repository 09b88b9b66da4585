using System.Collections;

namespace EdgeAgent.Processing;

/// <summary>All rules, in the order in which they are asked. The first one that is for a series counts, which is found once for each series.</summary>
internal sealed class ReportRules : IReadOnlyList<ReportRule>
{
    /// <summary>Each is a row of metrics, and new series are compared with all of them.</summary>
    public const int Most = 1_000;

    public static readonly ReportRules None = new([]);

    private readonly ReportRule[] _rules;

    /// <param name="rules">Of two for the same names only the first is kept: the second can never be reached, and metrics tell rules apart by these names.</param>
    public ReportRules(IEnumerable<ReportRule> rules) =>
        _rules = [.. rules.DistinctBy(rule => rule.Series).Select((rule, index) => rule with { Index = index })];

    public int Count => _rules.Length;

    public ReportRule this[int index] => _rules[index];

    public ReportRule For(string series) => Array.Find(_rules, rule => rule.IsFor(series)) ?? ReportRule.Everything;

    public IEnumerator<ReportRule> GetEnumerator() => _rules.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
