using EdgeAgent.Configuration;

namespace EdgeAgent.Processing;

/// <summary>Keys <c>scale</c>, <c>offset</c>, <c>calibration</c> and <c>outside</c> of a rule.</summary>
internal static class CalibrationReader
{
    /// <summary>More than any certificate has, and found by bisection.</summary>
    private const int MostPoints = 1_000;

    private const double Largest = 1e15;

    public static ICalibration? Read(ConfigSection section)
    {
        double? scale = section.Number("scale", -Largest, Largest);
        double? offset = section.Number("offset", -Largest, Largest);
        OutsideTable outside = section.Choice(
            "outside", OutsideTable.Clamp, ("clamp", OutsideTable.Clamp), ("extend", OutsideTable.Extend), ("out-of-range", OutsideTable.OutOfRange));
        CalibrationPoint[] points = [.. section.Sections("calibration").Select(ReadPoint)];
        bool isLinear = scale is not null || offset is not null;
        if (scale == 0)
        {
            section.Report("scale", "With this every reading has the same value. Choose another one.");
        }
        if (!section.Has("calibration"))
        {
            if (section.Has("outside"))
            {
                section.Report("outside", "This belongs to a \"calibration\". Add one or remove this.");
            }
            return isLinear ? new LinearCalibration(scale ?? 1, offset ?? 0) : null;
        }
        if (isLinear)
        {
            section.Report("calibration", "Give either points or \"scale\" and \"offset\".");
        }
        if (Problem(points) is { } problem)
        {
            section.Report("calibration", problem);
            return null;
        }
        return new CalibrationTable(points, outside);
    }

    private static string? Problem(CalibrationPoint[] points)
    {
        if (points.Length is < 2 or > MostPoints)
        {
            return $"There are {points.Length} points here. Give 2 to {MostPoints}.";
        }
        var pairs = points.Zip(points.Skip(1)).ToArray();
        if (pairs.Any(pair => !(pair.First.Raw < pair.Second.Raw)))
        {
            return "The points are not in the order of \"raw\", or two have the same. Sort them.";
        }
        return pairs.All(pair => pair.First.Value <= pair.Second.Value) || pairs.All(pair => pair.First.Value >= pair.Second.Value)
            ? null
            : "The values rise and fall. Correct the points: they rise, or fall, from the first to the last.";
    }

    private static CalibrationPoint ReadPoint(ConfigSection section) => new(Required(section, "raw"), Required(section, "value"));

    private static double Required(ConfigSection section, string key)
    {
        if (!section.Has(key))
        {
            section.Report(key, "This key is missing. Add it.");
        }
        return section.Number(key, -Largest, Largest) ?? 0;
    }
}
