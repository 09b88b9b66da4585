using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>The series of a line that speaks for itself: its readings go to the channel when something happens, not when somebody asks.</summary>
/// <param name="options">Its name, labels and lane.</param>
/// <param name="deviceLabels">Those that every series of the device has.</param>
/// <param name="catalog">Where it is registered.</param>
/// <param name="channel">Where its readings go.</param>
/// <param name="metrics">Where they are counted.</param>
/// <param name="repeated">How often the state is repeated where nothing happens; zero: not at all.</param>
internal sealed class PushedSeries(
    SensorOptions options, IReadOnlyDictionary<string, string> deviceLabels, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics,
    TimeSpan repeated = default)
{
    private readonly SourceSeries _series = SourceSeries.Register(
        catalog, options.Series, "", options.LabelsOver(deviceLabels), SeriesKind.Boolean, options.Lane, repeated);

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

    private void Write(in Reading reading) => _series.Write(reading, channel, metrics, ReadingSource.Gpio);
}
