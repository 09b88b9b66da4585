using System.Diagnostics;
using System.Globalization;
using EdgeAgent.Diagnostics;
using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Bench.Pipeline;

/// <summary>Nanoseconds that rules take for a reading of one of 100 series, without batches: one thread, values that change by hundredths, one reading a second of each series.</summary>
internal static class RuleCost
{
    private const int Readings = 5_000_000;
    private const int SeriesCount = 100;
    private const int Rounds = 5;

    private static readonly (string Name, ReportRule[] Rules)[] Cases =
    [
        ("no rule", []),
        ("rules, none for these series", [new ReportRule { Series = "other/*", Deadband = 1 }]),
        ("scale and decimals", [new ReportRule { Calibration = new LinearCalibration(1.8, 32), Decimals = 2 }]),
        ("calibration of 10 points", [new ReportRule { Calibration = new CalibrationTable(Enumerable.Range(0, 10).Select(i => new CalibrationPoint(i * 10, i * i)), OutsideTable.Clamp) }]),
        ("deadband", [new ReportRule { Deadband = 0.5 }]),
        ("alarm", [new ReportRule { Alarm = new AlarmRule { Above = 60, Hysteresis = 1 } }]),
        ("window of a minute", [new ReportRule { Window = new WindowRule { Length = TimeSpan.FromMinutes(1) } }]),
        ("scale, decimals, alarm and window", [new ReportRule
        {
            Calibration = new LinearCalibration(1.8, 32),
            Decimals = 2,
            Alarm = new AlarmRule { Above = 600, Hysteresis = 1 },
            Window = new WindowRule { Length = TimeSpan.FromMinutes(1) },
        }]),
    ];

    public static void Print()
    {
        Console.WriteLine($"{"rules",-40}{"ns/reading",12}{"B alloc/reading",17}{"out/in",9}");
        foreach ((string name, ReportRule[] rules) in Cases)
        {
            (double nanoseconds, double bytes, double share) = Enumerable.Range(0, Rounds).Select(_ => Measure(rules)).Min();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-40}{nanoseconds,12:F1}{bytes,17:F3}{share,9:F3}"));
        }
    }

    private static (double Nanoseconds, double Bytes, double Share) Measure(ReportRule[] rules)
    {
        using var metrics = new AgentMetrics();
        var catalog = new SeriesCatalog(rules: new ReportRules(rules));
        var sink = new CountingSink();
        var processor = new ReadingProcessor(catalog, sink, metrics, NullLogger.Instance);
        Series[] series = [.. Enumerable.Range(0, SeriesCount).Select(i =>
            catalog.TryRegister($"plant/machine-{i}/temperature", "Cel", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out Series? one)
                ? one
                : throw new InvalidOperationException("The catalog is full."))];
        Run(0, Readings / 10);
        (long before, long allocated, long started) = (sink.Readings, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        Run(Readings / 10, Readings);
        TimeSpan taken = Stopwatch.GetElapsedTime(started);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return (taken.TotalNanoseconds / Readings, (double)allocated / Readings, (double)(sink.Readings - before) / Readings);

        void Run(int first, int count)
        {
            for (int i = first; i < first + count; i++)
            {
                int second = i / SeriesCount;
                Reading reading = Reading.OfNumber(
                    series[i % SeriesCount].Id, 1_790_000_000_000_000_000 + (second * 1_000_000_000L), 20 + ((i + second) * 7919L % 100 / 100.0));
                processor.Take(reading, TimeSpan.FromSeconds(second));
            }
        }
    }

    private sealed class CountingSink : IReadingSink
    {
        public long Readings { get; private set; }

        public void Add(in Reading reading, Series series, SpoolLane lane, TimeSpan now) => Readings++;
    }
}
