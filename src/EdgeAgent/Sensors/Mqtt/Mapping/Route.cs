using EdgeAgent.Diagnostics;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>What one topic means: worked out once, then looked up for each message.</summary>
/// <param name="Rule">Null where no rule matches, or the topic gives no valid series name.</param>
/// <param name="Discard">Why messages of this topic give nothing; means nothing where there is a rule.</param>
/// <param name="Series">For each value of the rule the series it goes to.</param>
internal sealed record Route(MappingRule? Rule, DiscardCause Discard, IReadOnlyList<SourceSeries> Series)
{
    public static Route To(MappingRule rule, SourceSeries[] series) => new(rule, default, series);

    public static Route Nowhere(DiscardCause cause) => new(null, cause, []);
}
