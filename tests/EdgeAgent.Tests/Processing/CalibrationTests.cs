using EdgeAgent.Diagnostics;
using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Tests.Processing;

public sealed class CalibrationTests
{
    private static readonly CalibrationPoint[] Points = [new(4, 0), new(12, 40), new(20, 100)];

    [Fact]
    public void A_number_is_scaled_shifted_and_rounded_and_its_series_has_the_new_unit()
    {
        var rig = new ProcessorRig(new ReportRule { Calibration = new LinearCalibration(1.8, 32), Decimals = 2, Unit = "[degF]" });

        rig.Take(rig.Series("s"), 21.57, 0);

        Assert.Equal([70.83], rig.Values("s"));
        Assert.Equal("[degF]", rig.Series("s").Definition.Unit);
    }

    [Fact]
    public void What_is_no_number_stays_as_it_is()
    {
        var rig = new ProcessorRig(new ReportRule { Calibration = new LinearCalibration(2, 1), Unit = "Pa", Decimals = 0 });
        Series door = rig.Series("door", SeriesKind.Boolean, unit: "");
        Series text = rig.Series("text", SeriesKind.Text, unit: "");
        Series failed = rig.Series("failed");

        rig.Take(Reading.OfBoolean(door.Id, 0, true));
        rig.Take(Reading.OfText(text.Id, 0, "open"));
        rig.Take(Reading.WithoutValue(failed.Id, 0, Quality.Checksum));
        rig.Take(Reading.OfNumber(failed.Id, 0, double.NaN));

        Assert.Equal([1, 0, 0, double.NaN], rig.All.Select(reported => reported.Reading.Number));
        Assert.Equal([Quality.Good, Quality.Good, Quality.Checksum, Quality.Good], rig.All.Select(reported => reported.Reading.Quality));
        Assert.Equal(["", "", "Pa"], new[] { door, text, failed }.Select(series => series.Definition.Unit));
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(6, 10)]
    [InlineData(12, 40)]
    [InlineData(16, 70)]
    [InlineData(20, 100)]
    public void Between_points_the_line_counts_and_at_a_point_its_value(double raw, double expected)
    {
        double value = raw;

        Assert.Equal(Quality.Good, new CalibrationTable(Points, OutsideTable.OutOfRange).Apply(ref value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(OutsideTable.Clamp, 2, 0, Quality.Uncertain)]
    [InlineData(OutsideTable.Clamp, 24, 100, Quality.Uncertain)]
    [InlineData(OutsideTable.Extend, 2, -10, Quality.Uncertain)]
    [InlineData(OutsideTable.Extend, 24, 130, Quality.Uncertain)]
    [InlineData(OutsideTable.OutOfRange, 2, 2, Quality.OutOfRange)]
    [InlineData(OutsideTable.OutOfRange, 24, 24, Quality.OutOfRange)]
    internal void Outside_of_the_points_the_quality_says_so_and_it_is_counted(OutsideTable outside, double raw, double expected, Quality quality)
    {
        var rig = new ProcessorRig(new ReportRule { Calibration = new CalibrationTable(Points, outside) });

        rig.Take(rig.Series("s"), raw, 0);

        Assert.Equal((expected, quality), (rig.All.Single().Reading.Number, rig.All.Single().Reading.Quality));
        Assert.Equal(1, rig.Count(RuleEffect.Uncalibrated));
    }

    [Fact]
    public void A_quality_that_was_doubtful_already_stays_so()
    {
        var rig = new ProcessorRig(new ReportRule { Calibration = new LinearCalibration(2, 0) });

        rig.Take(Reading.OfNumber(rig.Series("s").Id, 0, 2, Quality.Uncertain));

        Assert.Equal((4, Quality.Uncertain), (rig.All.Single().Reading.Number, rig.All.Single().Reading.Quality));
    }
}
