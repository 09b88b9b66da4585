using EdgeAgent.Diagnostics;
using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Tests.Sensors.Mqtt;

namespace EdgeAgent.Tests.Processing;

/// <summary>The processor with a sink that keeps everything, and a clock that the test moves.</summary>
internal sealed class ProcessorRig : IReadingSink
{
    public const long Second = 1_000_000_000;

    public ProcessorRig(params ReportRule[] rules)
        : this(SeriesCatalog.DefaultCapacity, rules)
    {
    }

    public ProcessorRig(int capacity, params ReportRule[] rules)
    {
        Catalog = new SeriesCatalog(capacity, new ReportRules(rules));
        Processor = new ReadingProcessor(Catalog, this, Metrics, Log);
    }

    public SeriesCatalog Catalog { get; }

    public ReadingProcessor Processor { get; }

    public AgentMetrics Metrics { get; } = new();

    public RecordingLog Log { get; } = new();

    public TimeSpan Now { get; set; }

    public List<Reported> All { get; } = [];

    /// <summary>Whether what comes out is kept.</summary>
    public bool IsKeeping { get; set; } = true;

    public Series Series(string name, SeriesKind kind = SeriesKind.Number, SpoolLane lane = SpoolLane.Live, string unit = "Cel", string room = "2.17")
    {
        Assert.True(Catalog.TryRegister(name, unit, new Dictionary<string, string> { ["room"] = room }, kind, lane, out Series? series));
        return series;
    }

    /// <summary>The configuration changes to other rules.</summary>
    public void Use(params ReportRule[] rules) => Processor.Use(new ReportRules(rules), Now);

    public void Take(in Reading reading) => Processor.Take(reading, Now);

    public void Take(Series series, double value, double atSecond)
    {
        Now = TimeSpan.FromSeconds(atSecond);
        Take(Reading.OfNumber(series.Id, (long)(atSecond * Second), value));
    }

    /// <returns>Whether it comes out, under its own series.</returns>
    public bool Passes(in Reading reading)
    {
        int before = All.Count;
        Take(reading);
        SeriesId series = reading.Series;
        return All.Skip(before).Any(reported => reported.Reading.Series == series);
    }

    public void CloseAll()
    {
        while (Processor.TryCloseWindow(Now, all: true))
        {
        }
    }

    public long Count(RuleEffect effect, int rule = 0) => Metrics.ReportRules[rule][effect];

    /// <summary>What came out of a series.</summary>
    public double[] Values(string series) => [.. All.Where(reported => reported.Series.Definition.Name == series).Select(reported => reported.Reading.Number)];

    public void Add(in Reading reading, Series series, SpoolLane lane, TimeSpan now)
    {
        if (IsKeeping)
        {
            Assert.Equal(series.Id, reading.Series);
            All.Add(new Reported(reading, series, lane));
        }
    }
}

internal sealed record Reported(Reading Reading, Series Series, SpoolLane Lane)
{
    /// <summary>"name value lane"</summary>
    public override string ToString() => FormattableString.Invariant($"{Series.Definition.Name} {Reading.Number} {Lane}");
}
