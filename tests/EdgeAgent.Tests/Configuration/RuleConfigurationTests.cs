using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Configuration;

public sealed class RuleConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_rule_means_what_is_written()
    {
        ReportRules rules = Rules("""
            { "series": "tank/*", "scale": 0.25, "offset": -50, "unit": "%", "decimals": 1, "deadband": 0.5, "deadbandPercent": 2,
              "alarm": { "above": 90, "below": 10, "hysteresis": 2, "for": "5s" } },
            { "series": "motor/*", "window": "1m30s", "functions": [ "max", "mean" ], "raw": true, "acknowledge": "window" },
            { "calibration": [ { "raw": 4, "value": 0 }, { "raw": 20, "value": 100 } ], "outside": "extend" }
            """);

        ReportRule tank = rules.For("tank/level");
        Assert.Equal((new LinearCalibration(0.25, -50), "%", 1, 0.5, 2), (tank.Calibration, tank.Unit, tank.Decimals!.Value, tank.Deadband!.Value, tank.DeadbandPercent!.Value));
        Assert.Equal(new AlarmRule { Above = 90, Below = 10, Hysteresis = 2, For = TimeSpan.FromSeconds(5) }, tank.Alarm);
        ReportRule motor = rules.For("motor/speed");
        Assert.Equal([AggregateFunction.Maximum, AggregateFunction.Mean], motor.Window!.Functions);
        Assert.Equal((TimeSpan.FromSeconds(90), true, WindowAcknowledgement.Window), (motor.Window.Length, motor.Window.IsRawReported, motor.Window.Acknowledgement));
        double value = 36;
        Assert.Equal(Quality.Uncertain, rules.For("other").Calibration!.Apply(ref value));
        Assert.Equal(200, value);
    }

    [Fact]
    public void Of_two_rules_for_the_same_names_the_first_one_is_kept()
    {
        Assert.Equal([1.0, 3.0], Rules("""{ "series": "a", "deadband": 1 }, { "series": "a", "deadband": 2 }, { "deadband": 3 }""").Select(rule => rule.Deadband!.Value));
    }

    [Theory]
    [InlineData("""{ "series": "a" }""", "/report/0: This rule leaves nothing out and changes nothing.")]
    [InlineData("""{ "raw": true, "deadband": 1 }""", "/report/0/raw: This belongs to a \"window\".")]
    [InlineData("""{ "window": "1500ms" }""", "/report/0/window: A window has whole seconds.")]
    [InlineData("""{ "window": "1m", "functions": [ "median" ] }""", "/report/0/functions/0: \"median\" is not known here. Choose from min, max, mean, count, last.")]
    [InlineData("""{ "scale": 0 }""", "/report/0/scale: With this every reading has the same value.")]
    [InlineData("""{ "outside": "clamp", "scale": 2 }""", "/report/0/outside: This belongs to a \"calibration\".")]
    [InlineData("""{ "scale": 2, "calibration": [ { "raw": 1, "value": 1 }, { "raw": 2, "value": 2 } ] }""", "/report/0/calibration: Give either points or")]
    [InlineData("""{ "deadband": 0, "calibration": [ { "raw": 1, "value": 1 } ] }""", "/report/0/calibration: There are 1 points here.")]
    [InlineData("""{ "deadband": 0, "calibration": [ { "raw": 1, "value": 1 }, { "raw": 1, "value": 2 } ] }""", "/report/0/calibration: The points are not in the order")]
    [InlineData(
        """{ "deadband": 0, "calibration": [ { "raw": 1, "value": 1 }, { "raw": 2, "value": 2 }, { "raw": 3, "value": 1 } ] }""",
        "/report/0/calibration: The values rise and fall.")]
    [InlineData("""{ "deadband": 0, "calibration": [ { "raw": 1 }, { "raw": 2, "value": 2 } ] }""", "/report/0/calibration/0/value: This key is missing.")]
    [InlineData("""{ "alarm": { "hysteresis": 1 } }""", "/report/0/alarm: This alarm has no threshold.")]
    [InlineData("""{ "alarm": { "above": 10, "below": 9, "hysteresis": 1 } }""", "/report/0/alarm: Between these thresholds no value ends the alarm.")]
    public void What_makes_no_sense_is_refused_with_what_to_do(string rule, string expected)
    {
        string error = Assert.Single(Read.Errors(_folder, $$"""{ {{Read.Cloud(_folder)}}, "report": [ {{rule}} ] }"""));

        Assert.Contains(expected, error);
    }

    private ReportRules Rules(string rules) => Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "report": [ {{rules}} ] }""").Report;
}
