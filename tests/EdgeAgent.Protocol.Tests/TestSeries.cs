using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Tests;

/// <summary>Definitions by reference; those that a test does not give are made up. Counts how often it is asked.</summary>
internal sealed class TestSeries(params SeriesDefinition[] definitions) : ISeriesDefinitions
{
    private readonly Dictionary<uint, SeriesDefinition> _definitions = definitions.ToDictionary(definition => definition.Ref);

    public SeriesDefinition this[uint reference] =>
        _definitions.TryGetValue(reference, out SeriesDefinition? definition)
            ? definition
            : _definitions[reference] = new SeriesDefinition { Ref = reference, Name = $"series/{reference}", Kind = SeriesKind.Number };
}
