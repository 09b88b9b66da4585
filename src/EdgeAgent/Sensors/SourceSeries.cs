using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Sensors;

/// <summary>The series that a source's value goes to.</summary>
/// <param name="Id">The series; means nothing where there is an obstacle.</param>
/// <param name="Lane">The lane it travels in.</param>
/// <param name="Obstacle">Why its readings cannot be taken: the catalog is full, or the series has another kind. Null: they can.</param>
internal readonly record struct SourceSeries(SeriesId Id, SpoolLane Lane, DropCause? Obstacle)
{
    /// <param name="catalog">Where all series are.</param>
    /// <param name="name">Of the series.</param>
    /// <param name="unit">UCUM code.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="kind">What its values are.</param>
    /// <param name="lane">Where its readings travel.</param>
    /// <param name="interval">How often there is a reading; zero where nobody knows.</param>
    public static SourceSeries Register(
        SeriesCatalog catalog, string name, string unit, IReadOnlyDictionary<string, string> labels, SeriesKind kind, SpoolLane lane,
        TimeSpan interval = default)
    {
        if (!catalog.TryRegister(name, unit, labels, kind, lane, out Series? series, interval))
        {
            return new SourceSeries(default, lane, DropCause.CatalogFull);
        }
        return new SourceSeries(series.Id, series.Lane, series.Definition.Kind == kind ? null : DropCause.KindMismatch);
    }

    /// <summary>A reading on its way, counted: read, or dropped and why.</summary>
    /// <param name="reading">A reading of this series.</param>
    /// <param name="channel">Where it goes.</param>
    /// <param name="metrics">Where it is counted.</param>
    /// <param name="source">What it came from.</param>
    public void Write(in Reading reading, ReadingChannel channel, AgentMetrics metrics, ReadingSource source)
    {
        if (Obstacle is { } obstacle)
        {
            metrics.ReadingsDropped.Add(obstacle);
        }
        else if (channel.WriteOrLose(reading, Lane))
        {
            metrics.ReadingsRead.Add(source);
        }
        else
        {
            metrics.ReadingsDropped.Add(DropCause.ChannelFull);
        }
    }
}
