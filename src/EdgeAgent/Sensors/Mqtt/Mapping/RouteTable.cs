using System.Text;
using System.Text.Unicode;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>From topic bytes to a <see cref="Route"/>, remembered: one look-up and no allocation for a topic that was seen before.</summary>
internal sealed class RouteTable(IReadOnlyList<MappingRule> rules, SeriesCatalog catalog, IReadOnlyDictionary<string, string> deviceLabels)
{
    /// <summary>Topics remembered: more than the catalog's default has series, and 4 MB at 200 bytes each.</summary>
    private const int RememberedTopics = 20_000;

    private readonly BoundedUtf8Table<Route> _remembered = new(RememberedTopics);

    public Route Find(ReadOnlySpan<byte> topic)
    {
        if (_remembered.TryGet(topic, out Route? route))
        {
            return route;
        }
        route = WorkOut(topic);
        _remembered.Remember(topic, route);
        return route;
    }

    private Route WorkOut(ReadOnlySpan<byte> topic)
    {
        if (!Utf8.IsValid(topic))
        {
            return Route.Nowhere(DiscardCause.NameMalformed);
        }
        foreach (MappingRule rule in rules)
        {
            if (rule.Topic.Matches(topic))
            {
                return WorkOut(rule, Encoding.UTF8.GetString(topic).Split('/'));
            }
        }
        return Route.Nowhere(DiscardCause.Unmatched);
    }

    private Route WorkOut(MappingRule rule, string[] levels)
    {
        string name = rule.Series.Expand(levels);
        var labels = new Dictionary<string, string>(deviceLabels, StringComparer.Ordinal);
        foreach ((string label, TopicTemplate value) in rule.Labels)
        {
            labels[label] = value.Expand(levels);
        }
        // All names before the first registration, so that a topic either has all of its series or leaves no trace.
        return rule.Values.All(value => IsDefinition(name + value.Suffix, value, labels))
            ? Route.To(rule, [.. rule.Values.Select(value => SourceSeries.Register(catalog, name + value.Suffix, value.Unit, labels, value.Kind, rule.Lane))])
            : Route.Nowhere(DiscardCause.NameMalformed);
    }

    private static bool IsDefinition(string name, ValueRule value, Dictionary<string, string> labels) =>
        SeriesDefinitionRules.Violation(new SeriesDefinition { Ref = 1, Name = name, Unit = value.Unit, Kind = value.Kind, Labels = { labels } }) is null;
}
