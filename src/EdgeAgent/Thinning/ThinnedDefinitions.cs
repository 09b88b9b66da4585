using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Thinning;

/// <summary>What the series of the records that a run writes are called: those of aggregates, and those of readings that stay.</summary>
internal sealed class ThinnedDefinitions : ISeriesDefinitions
{
    private readonly List<SeriesDefinition> _definitions = [];
    private readonly Dictionary<(ThinnedSeries Series, AggregateFunction Function, uint Seconds), uint> _references = [];

    public SeriesDefinition this[uint reference] => _definitions[(int)reference - 1];

    /// <param name="series">What is aggregated.</param>
    /// <param name="function">Unspecified: the readings themselves.</param>
    /// <param name="seconds">The window; 0 for readings.</param>
    public uint ReferenceOf(ThinnedSeries series, AggregateFunction function, uint seconds)
    {
        if (!_references.TryGetValue((series, function, seconds), out uint reference))
        {
            SeriesDefinition definition = function == AggregateFunction.Unspecified
                ? new SeriesDefinition
                {
                    Name = series.Name,
                    Kind = series.Kind,
                    Unit = series.Unit,
                    ExpectedIntervalMilliseconds = series.Labelled!.ExpectedIntervalMilliseconds,
                }
                : Define(series, new Aggregate { Function = function, WindowSeconds = seconds, Of = series.Name });
            definition.Labels.Add(series.Labelled!.Labels);
            definition.Ref = reference = (uint)_definitions.Count + 1;
            _definitions.Add(definition);
            _references.Add((series, function, seconds), reference);
        }
        return reference;
    }

    private static SeriesDefinition Define(ThinnedSeries series, Aggregate aggregate) => new()
    {
        Name = AggregateName.Of(aggregate),
        Kind = AggregateFunctions.KindOf(aggregate.Function, series.Kind),
        Unit = AggregateFunctions.UnitOf(aggregate.Function, series.Kind, series.Unit),
        Aggregate = aggregate,
    };
}
