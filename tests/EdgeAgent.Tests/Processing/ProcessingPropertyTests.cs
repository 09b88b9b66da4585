using EdgeAgent.Diagnostics;
using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Tests.Processing;

/// <summary>Random readings through random rules.</summary>
public sealed class ProcessingPropertyTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_reading_comes_out_once_or_is_counted_as_held_back(int seed)
    {
        var random = new Random(seed);
        var rig = new ProcessorRig(RandomRule(random));
        Series series = rig.Series("s");
        int taken = random.Next(500);

        Feed(rig, series, random, taken, (_, _) =>
        {
            long held = rig.Count(RuleEffect.Unchanged) + rig.Count(RuleEffect.TooSoon) + rig.Count(RuleEffect.Aggregated);
            Assert.Equal(held, rig.Metrics.ReadingsSuppressed.Value);
        });

        long waiting = rig.Processor.Risk.Readings;
        long heldBack = rig.Metrics.ReadingsSuppressed.Value;
        Assert.Equal(taken, rig.Values("s").Length + heldBack + waiting);
        rig.CloseAll();
        Assert.Equal(taken, rig.Values("s").Length + rig.Metrics.ReadingsSuppressed.Value);
        Assert.Equal(rig.All.Count, rig.Values("s").Length + rig.Count(RuleEffect.AggregateMade) + rig.Count(RuleEffect.StateMade));
        Assert.Equal(rig.Count(RuleEffect.Alarmed), rig.All.Count(reported => reported.Series == series && reported.Lane == Spooling.SpoolLane.Alarm));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_number_is_further_from_the_last_reported_one_than_the_wider_deadband(int seed)
    {
        var random = new Random(seed);
        var rule = new ReportRule { Deadband = random.Next(4), DeadbandPercent = random.Next(20) };
        var rig = new ProcessorRig(rule);
        Series series = rig.Series("s");

        Feed(rig, series, random, 400, (value, quality) =>
        {
            if (quality < Quality.NoResponse)
            {
                double last = rig.Values("s")[^1];
                Assert.InRange(value, last - Band(last), last + Band(last));
            }
        });

        Assert.True(rig.Values("s").Length > 0);

        double Band(double last) => Math.Max(rule.Deadband!.Value, rule.DeadbandPercent!.Value / 100 * Math.Abs(last));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_aggregates_of_a_window_are_those_of_its_readings(int seed)
    {
        var random = new Random(seed);
        var rig = new ProcessorRig(new ReportRule { Window = new WindowRule { Length = TimeSpan.FromSeconds(random.Next(1, 100)) } });
        Series series = rig.Series("s");
        var readings = new List<(long Time, double Value, Quality Quality)>();

        Feed(rig, series, random, 300, (value, quality) => readings.Add(((long)(rig.Now.TotalSeconds * ProcessorRig.Second), value, quality)));
        rig.CloseAll();

        long length = (long)series.Rule.Window!.Length.TotalSeconds * ProcessorRig.Second;
        var expected = readings.GroupBy(reading => reading.Time / length * length).Select(window =>
        {
            double[] values = [.. window.Where(reading => reading.Quality < Quality.NoResponse).Select(reading => reading.Value)];
            int failed = window.Count() - values.Length;
            double mean = values.DefaultIfEmpty().Average();
            return (exact: (window.Key, values.Length, values.DefaultIfEmpty().Min(), values.DefaultIfEmpty().Max(), values.LastOrDefault(), failed), mean);
        });
        var reported = rig.All.GroupBy(reported => reported.Reading.UnixNanoseconds).Select(window =>
        {
            Dictionary<string, double> values = window.ToDictionary(reported => reported.Series.Definition.Name.Split(':')[1], reported => reported.Reading.Number);
            return (exact: (window.Key, (int)values["count"], values["min"], values["max"], values["last"], (int)values.GetValueOrDefault("failed")), mean: values["mean"]);
        });
        foreach ((var one, var other) in expected.Zip(reported, (one, other) => (one, other)))
        {
            Assert.Equal(one.exact, other.exact);
            // Rounded to a digit more than the readings have, which are whole numbers or halves.
            Assert.InRange(other.mean, one.mean - 0.0501, one.mean + 0.0501);
        }
        Assert.Equal(expected.Count(), reported.Count());
    }

    [Fact]
    public void A_reading_costs_no_object()
    {
        var rig = new ProcessorRig(new ReportRule
        {
            Calibration = new CalibrationTable([new(-1e6, 0), new(1e6, 100)], OutsideTable.Clamp),
            Decimals = 2,
            Deadband = 1,
            Alarm = new AlarmRule { Above = 60 },
            Window = new WindowRule { Length = TimeSpan.FromMinutes(1) },
        })
        { IsKeeping = false };
        Series series = rig.Series("s");
        Run(1_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(20_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int readings)
        {
            for (int i = 0; i < readings; i++)
            {
                rig.Take(series, i * 7919 % 100_000, rig.Now.TotalSeconds + 1);
            }
        }
    }

    /// <summary>A walk of whole and half numbers, some failures, steps of 0 to 20 seconds; due windows are closed before each reading.</summary>
    private static void Feed(ProcessorRig rig, Series series, Random random, int readings, Action<double, Quality> taken)
    {
        double value = random.Next(-100, 100);
        for (int i = 0; i < readings; i++)
        {
            rig.Now += TimeSpan.FromSeconds(random.Next(21));
            value += random.Next(-6, 7) / 2.0;
            Quality quality = random.Next(10) == 0 ? Quality.NoResponse : Quality.Good;
            var reading = Reading.OfNumber(series.Id, (long)(rig.Now.TotalSeconds * ProcessorRig.Second), value);
            rig.Take(quality == Quality.Good ? reading : Reading.WithoutValue(series.Id, reading.Time, quality));
            taken(value, quality);
        }
    }

    private static ReportRule RandomRule(Random random) => new()
    {
        Calibration = random.Next(2) == 0 ? null : new LinearCalibration(2, 1),
        Deadband = random.Next(2) == 0 ? null : random.Next(4),
        DeadbandPercent = random.Next(2) == 0 ? null : random.Next(20),
        Heartbeat = TimeSpan.FromSeconds(random.Next(1, 300)),
        MinimumInterval = TimeSpan.FromSeconds(random.Next(2) * random.Next(30)),
        Window = random.Next(2) == 0 ? null : new WindowRule { Length = TimeSpan.FromSeconds(random.Next(1, 100)), IsRawReported = random.Next(2) == 0 },
        Alarm = random.Next(2) == 0 ? null : new AlarmRule { Above = random.Next(50), Below = -random.Next(50), For = TimeSpan.FromSeconds(random.Next(10)) },
    };
}
