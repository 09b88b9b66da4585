using System.Text;
using System.Text.Unicode;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>From topic bytes to a <see cref="Route"/>, remembered: one look-up and no allocation for a topic that was seen before.</summary>
internal sealed class RouteTable(IReadOnlyList<MappingRule> rules, SeriesCatalog catalog, IReadOnlyDictionary<string, string> deviceLabels)
{
    /// <summary>Topics remembered: more than the catalog's default has series, and 4 MB at 200 bytes each.</summary>
    private const int RememberedTopics = 20_000;

    /// <summary>SeriesDefinition.name of the contract.</summary>
    private const int MaximumNameBytes = 256;

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
        string[] levels = Encoding.UTF8.GetString(topic).Split('/');
        MappingRule? rule = rules.FirstOrDefault(candidate => candidate.Topic.Matches(levels));
        if (rule is null)
        {
            return Route.Nowhere(DiscardCause.Unmatched);
        }
        string name = rule.Series.Expand(levels);
        var labels = new Dictionary<string, string>(deviceLabels, StringComparer.Ordinal);
        foreach ((string label, TopicTemplate value) in rule.Labels)
        {
            labels[label] = value.Expand(levels);
        }
        // All names before the first registration, so that a topic either has all of its series or leaves no trace.
        return rule.Values.All(value => IsName(name + value.Suffix))
            ? Route.To(rule, [.. rule.Values.Select(value => Register(rule, value, name + value.Suffix, labels))])
            : Route.Nowhere(DiscardCause.NameMalformed);
    }

    private RouteSeries Register(MappingRule rule, ValueRule value, string name, Dictionary<string, string> labels)
    {
        if (!catalog.TryRegister(name, value.Unit, labels, value.Kind, rule.Lane, out Series? series))
        {
            return new RouteSeries(default, DropCause.CatalogFull);
        }
        return new RouteSeries(series.Id, series.Definition.Kind == value.Kind ? null : DropCause.KindMismatch);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !name.Any(char.IsControl) && Encoding.UTF8.GetByteCount(name) <= MaximumNameBytes;
}
