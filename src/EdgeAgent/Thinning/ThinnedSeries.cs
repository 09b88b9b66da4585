using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Thinning;

/// <summary>A series of readings that a run meets, as readings or as aggregates of them.</summary>
internal sealed class ThinnedSeries(string name, SeriesKind kind)
{
    public string Name => name;

    public SeriesKind Kind => kind;

    /// <summary>As it was named last.</summary>
    public string Unit { get; private set; } = "";

    /// <summary>A definition that has its labels.</summary>
    public SeriesDefinition? Labelled { get; private set; }

    public void Describe(SeriesDefinition definition)
    {
        Labelled = definition;
        // Counts have no unit of their series.
        if (definition.Aggregate is null or { Function: AggregateFunction.Last })
        {
            Unit = definition.Unit;
        }
    }
}
