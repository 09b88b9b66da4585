using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <summary>A count for each report rule and each of its effects. There are as many as the configuration has rules. One thread adds.</summary>
internal sealed class TotalByRule(string name, string unit, string description)
{
    private static readonly RuleEffect[] Effects = Enum.GetValues<RuleEffect>();

    private TotalBy<RuleEffect>[] _rules = [];
    private string[] _names = [];

    public TotalBy<RuleEffect> this[int rule] => Volatile.Read(ref _rules)[rule];

    /// <summary>To be called once, before anything is counted.</summary>
    /// <param name="rules">The names of series that each is for, all different.</param>
    public void Use(IEnumerable<string> rules)
    {
        _names = [.. rules];
        Volatile.Write(ref _rules, [.. _names.Select(_ => new TotalBy<RuleEffect>(name, unit, description, "effect"))]);
    }

    public void Publish(Meter meter) => meter.CreateObservableCounter(name, Observe, unit, description);

    private IEnumerable<Measurement<long>> Observe() =>
        from rule in Enumerable.Range(0, Volatile.Read(ref _rules).Length)
        from effect in Effects
        select new Measurement<long>(
            _rules[rule][effect], KeyValuePair.Create("rule", (object?)_names[rule]), KeyValuePair.Create("effect", (object?)TotalBy<RuleEffect>.Label(effect)));
}
