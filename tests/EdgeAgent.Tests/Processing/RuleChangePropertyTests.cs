using EdgeAgent.Processing;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Tests.Processing;

/// <summary>Random readings while random rules replace each other, compared with a model that knows only the rule in force.</summary>
public sealed class RuleChangePropertyTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 100)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_reading_goes_by_the_rule_of_its_time_once(int seed)
    {
        var random = new Random(seed);
        var rule = RandomRule(random);
        var rig = new ProcessorRig(rule);
        string room = "1";
        Series series = rig.Series("s", room: room);
        (int taken, double value) = (0, 0);
        bool isRaised = false;
        for (int step = 0; step < 400; step++)
        {
            rig.Now += TimeSpan.FromSeconds(random.Next(3));
            if (random.Next(20) == 0)
            {
                rule = RandomRule(random);
                rig.Use(rule);
                isRaised &= rule.Alarm is not null;
                Assert.True(rule.Alarm is not null || rig.Values("s:alarm") is not [.., 1.0], "an alarm that nobody judges is not left raised");
                // Now and then its source begins again too, with another label.
                room = random.Next(3) == 0 ? $"{random.Next(3)}" : room;
                series = rig.Series("s", room: room);
            }
            while (random.Next(4) > 0 && rig.Processor.TryCloseWindow(rig.Now))
            {
            }
            value += random.Next(-6, 7);
            (int before, taken) = (rig.All.Count, taken + 1);
            rig.Take(series, value, rig.Now.TotalSeconds);

            double calibrated = rule.Calibration is null ? value : (2 * value) + 1;
            foreach (Reported own in rig.All.Skip(before).Where(one => one.Series.Definition.Name == "s"))
            {
                Assert.Equal((calibrated, rule.Unit ?? "Cel", room), (own.Reading.Number, own.Series.Definition.Unit, own.Series.Definition.Labels["room"]));
            }
            if (rule.Alarm is { } alarm)
            {
                bool was = isRaised;
                isRaised = alarm.IsBeyond(calibrated) || (isRaised && !alarm.IsReturned(calibrated));
                Assert.Equal(isRaised ? 1 : 0, rig.Values("s:alarm")[^1]);
                Assert.Equal(was != isRaised, rig.All.Skip(before).Any(one => one is { Lane: SpoolLane.Alarm, Series.Definition.Name: "s" }));
            }
            if (rule is { HasDeadband: true, Window: null })
            {
                double last = rig.Values("s")[^1];
                Assert.InRange(calibrated, last - rule.Deadband!.Value, last + rule.Deadband.Value);
            }
            Assert.Equal(taken, rig.Values("s").Length + rig.Metrics.ReadingsSuppressed.Value + rig.Processor.Risk.Readings);
        }
        rig.CloseAll();

        Assert.Equal(taken, rig.Values("s").Length + rig.Metrics.ReadingsSuppressed.Value);
        Assert.True(rig.Catalog.Names <= 1 + 1 + (2 * 3), "the catalog knows the names that there are and no others");
    }

    [Fact]
    public void A_reading_that_goes_to_another_series_costs_no_object()
    {
        var rig = new ProcessorRig(new ReportRule { Deadband = 1 }) { IsKeeping = false };
        Series series = rig.Series("s");
        rig.Use(new ReportRule { Calibration = new LinearCalibration(2, 1), Unit = "%", Deadband = 1, Alarm = new AlarmRule { Above = 60 } });
        Run(1_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(20_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int readings)
        {
            for (int i = 0; i < readings; i++)
            {
                rig.Take(series, i * 7919 % 100, rig.Now.TotalSeconds + 1);
            }
        }
    }

    /// <summary>Windows of two lengths with two aggregates, so that names come again.</summary>
    private static ReportRule RandomRule(Random random) => new()
    {
        Series = random.Next(2) == 0 ? "*" : "s",
        Calibration = random.Next(2) == 0 ? null : new LinearCalibration(2, 1),
        Unit = random.Next(3) switch { 0 => "%", 1 => "mm", _ => null },
        Deadband = random.Next(2) == 0 ? null : random.Next(4),
        Window = random.Next(2) == 0 ? null : new WindowRule
        {
            Length = TimeSpan.FromMinutes(random.Next(1, 3)),
            IsRawReported = random.Next(3) == 0,
            Functions = [Protocol.V1.AggregateFunction.Count, Protocol.V1.AggregateFunction.Last],
        },
        Alarm = random.Next(2) == 0 ? null : new AlarmRule { Above = random.Next(5, 30), Below = -random.Next(5, 30), Hysteresis = random.Next(3) },
    };
}
