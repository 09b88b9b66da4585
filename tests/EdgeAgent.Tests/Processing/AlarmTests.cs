using EdgeAgent.Diagnostics;
using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Tests.Processing;

public sealed class AlarmTests
{
    [Fact]
    public void The_reading_that_crosses_and_the_one_that_returns_go_by_the_alarm_lane_once_and_the_state_is_told()
    {
        var rig = new ProcessorRig(new ReportRule { Alarm = new AlarmRule { Above = 60, Hysteresis = 1 } });

        Feed(rig, 59, 61, 62, 59.5, 59, 60);

        Assert.Equal(
            [
                "s:alarm 0 Alarm", "s 59 Live", "s:alarm 1 Alarm", "s 61 Alarm", "s 62 Live", "s 59.5 Live", "s:alarm 0 Alarm", "s 59 Alarm", "s 60 Live",
            ],
            rig.All.Select(reported => reported.ToString()));
        Assert.Equal((2, 3), (rig.Count(RuleEffect.Alarmed), rig.Count(RuleEffect.StateMade)));
        Assert.Equal(SeriesKind.Boolean, rig.All[0].Series.Definition.Kind);
        Assert.Equal("2.17", rig.All[0].Series.Definition.Labels["room"]);
    }

    [Fact]
    public void A_process_that_starts_within_an_alarm_tells_it_with_the_first_reading()
    {
        var rig = new ProcessorRig(new ReportRule { Alarm = new AlarmRule { Below = 5 } });

        Feed(rig, 4);

        Assert.Equal(["s:alarm 1 Alarm", "s 4 Alarm"], rig.All.Select(reported => reported.ToString()));
    }

    [Fact]
    public void What_is_beyond_for_less_than_the_time_is_no_alarm()
    {
        var rig = new ProcessorRig(new ReportRule { Alarm = new AlarmRule { Above = 60, For = TimeSpan.FromSeconds(2) } });

        // One a second: beyond for a second only, and then long enough.
        Feed(rig, 0, 61, 61, 0, 61, 61, 61, 61);

        Assert.Equal([0.0, 1.0], rig.Values("s:alarm"));
        Assert.Equal(6, rig.All.FindIndex(reported => reported.Series.Definition.Name == "s:alarm" && reported.Reading.Number == 1) - 1);
    }

    [Fact]
    public void A_reading_without_a_value_neither_raises_nor_ends_an_alarm()
    {
        var rig = new ProcessorRig(new ReportRule { Alarm = new AlarmRule { Above = 60 } });
        Feed(rig, 61);

        rig.Take(Reading.WithoutValue(rig.Series("s").Id, 0, Quality.NoResponse));
        rig.Take(Reading.OfNumber(rig.Series("s").Id, 0, double.NaN));

        Assert.Equal([1.0], rig.Values("s:alarm"));
    }

    [Fact]
    public void What_is_an_alarm_is_never_held_back()
    {
        var rig = new ProcessorRig(new ReportRule
        {
            Deadband = 1000,
            MinimumInterval = TimeSpan.FromHours(1),
            Window = new WindowRule { Length = TimeSpan.FromMinutes(1) },
            Alarm = new AlarmRule { Above = 60 },
        });

        Feed(rig, 1, 2, 61, 3);
        rig.CloseAll();

        Assert.Equal([61.0, 3.0], rig.Values("s"));
        Assert.Equal([4.0], rig.Values("s:count:1m"));
        Assert.Equal(2, rig.Count(RuleEffect.Aggregated));
    }

    [Fact]
    public void The_alarm_judges_the_calibrated_number()
    {
        var rig = new ProcessorRig(new ReportRule { Calibration = new LinearCalibration(0.1, 0), Alarm = new AlarmRule { Above = 60 } });

        Feed(rig, 600, 601);

        Assert.Equal([0.0, 1.0], rig.Values("s:alarm"));
    }

    /// <summary>One value a second.</summary>
    private static void Feed(ProcessorRig rig, params double[] values)
    {
        Series series = rig.Series("s");
        for (int i = 0; i < values.Length; i++)
        {
            rig.Take(series, values[i], i);
        }
    }
}
