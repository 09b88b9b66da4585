using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>The series of a line that speaks for itself: its readings go to the channel when something happens, not when somebody asks.</summary>
internal sealed class PushedSeries(
    SensorOptions options, IReadOnlyDictionary<string, string> deviceLabels, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics)
{
    private readonly SourceSeries _series = SourceSeries.Register(
        catalog, options.Series, "", deviceLabels.Where(label => !options.Labels.ContainsKey(label.Key)).Concat(options.Labels).ToDictionary(),
        SeriesKind.Boolean, options.Lane);

    public void Write(ReadingTime at, bool value) => Write(Reading.OfBoolean(_series.Id, at, value));

    /// <summary>The line is not there.</summary>
    public void WriteAbsent(ReadingTime at) => Write(Reading.WithoutValue(_series.Id, at, Quality.NoResponse));

    /// <summary>Edges that found no room in the kernel's queue would have been readings: the spool's ledger gets their number.</summary>
    public void Lose(long readings)
    {
        if (readings > 0)
        {
            metrics.ReadingsDropped.Add(DropCause.KernelQueueFull, readings);
            channel.Lost.Add(_series.Lane, readings);
        }
    }

    private void Write(in Reading reading)
    {
        if (_series.Obstacle is { } obstacle)
        {
            metrics.ReadingsDropped.Add(obstacle);
        }
        else if (channel.WriteOrLose(reading, _series.Lane))
        {
            metrics.ReadingsRead.Add(ReadingSource.Gpio);
        }
        else
        {
            metrics.ReadingsDropped.Add(DropCause.ChannelFull);
        }
    }
}
