using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Thinning;

/// <summary>A series of readings that a run meets, as readings or as aggregates of them.</summary>
internal sealed class ThinnedSeries(string name, SeriesKind kind)
{
    public string Name => name;

    public SeriesKind Kind => kind;

    /// <summary>The one that it has throughout the run.</summary>
    public string Unit { get; private set; } = "";

    /// <summary>A definition that has its labels.</summary>
    public SeriesDefinition? Labelled { get; private set; }

    /// <param name="definition">Of its readings, or of their last values, which have its unit as well.</param>
    /// <exception cref="ThinningRefusedException">The name stood for numbers in another unit before: a mean of both would be one of nothing.</exception>
    public void Describe(SeriesDefinition definition)
    {
        if (Labelled is not null && Unit != definition.Unit)
        {
            throw new ThinningRefusedException($"The series {name} changed its unit from \"{Unit}\" to \"{definition.Unit}\".");
        }
        (Labelled, Unit) = (definition, definition.Unit);
    }
}
