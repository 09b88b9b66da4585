using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>What one sensor measures on its way into the channel: series are named once it is known what it measures, values become readings.</summary>
internal sealed class SensorOutput(SensorPlan plan, ReadingSource kind, SamplingSurroundings surroundings)
{
    private SourceSeries[] _series = [];

    /// <summary>What the next measurement fills in: one for each quantity as they are known now.</summary>
    public Measured[] Values { get; private set; } = [];

    /// <summary>Names the series, once the sensor knows what it measures, which most do from the beginning.</summary>
    public void Prepare()
    {
        if (_series.Length != plan.Sensor.Quantities.Count)
        {
            Name(plan.Sensor.Quantities);
        }
    }

    /// <summary>Every quantity has this outcome.</summary>
    public void Fail(Quality quality) => Array.Fill(Values, Measured.None(quality));

    public void Send(ReadingTime at)
    {
        for (int i = 0; i < _series.Length; i++)
        {
            Send(_series[i], Values[i], plan.Sensor.Quantities[i], at);
        }
    }

    /// <summary>Apart from <see cref="Prepare"/>, which would else allocate what is captured here with each measurement.</summary>
    private void Name(IReadOnlyList<Quantity> quantities)
    {
        IReadOnlyDictionary<string, string> labels = plan.Options.LabelsOver(surroundings.Configuration.Device.Labels);
        Values = new Measured[quantities.Count];
        _series = [.. quantities.Select(quantity => Register(quantity, labels))];
    }

    private SourceSeries Register(Quantity quantity, IReadOnlyDictionary<string, string> labels)
    {
        return SourceSeries.Register(surroundings.Catalog, plan.Options.SeriesOf(quantity.Name), quantity.Unit, labels, quantity.Kind, plan.Options.Lane, plan.Options.Interval);
    }

    private void Send(SourceSeries target, Measured measured, Quantity quantity, ReadingTime at)
    {
        Reading reading = measured.Quality >= Quality.NoResponse ? Reading.WithoutValue(target.Id, at, measured.Quality)
            : quantity.Kind == SeriesKind.Boolean ? Reading.OfBoolean(target.Id, at, measured.Value != 0, measured.Quality)
            : Reading.OfNumber(target.Id, at, Math.Round(measured.Value, quantity.Decimals), measured.Quality);
        target.Write(reading, surroundings.Channel, surroundings.Metrics, kind);
    }
}
