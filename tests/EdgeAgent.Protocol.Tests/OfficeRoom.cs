using System.Globalization;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Tests;

/// <summary>tests/data/office-room.csv: six series, one reading of each a minute.</summary>
internal static class OfficeRoom
{
    private static readonly (string Name, string Unit)[] Columns =
    [
        ("office/temperature", "Cel"), ("office/humidity", "%"), ("office/light", "lx"), ("office/co2", "[ppm]"),
        ("office/humidity-ratio", "kg/kg"), ("office/occupancy", ""),
    ];

    public const int SeriesCount = 6;

    public static TestSeries Series => new([.. Columns.Select((column, i) =>
        new SeriesDefinition { Ref = (uint)i + 1, Name = column.Name, Unit = column.Unit, Kind = KindOf((uint)i + 1) })]);

    public static SeriesKind KindOf(uint series) => series == SeriesCount ? SeriesKind.Boolean : SeriesKind.Number;

    public static IReadOnlyList<(long UnixNanoseconds, double[] Values)> Minutes { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "office-room.csv")).Skip(1).Select(Parse)];

    public static void Add(BatchEncoder encoder, int minute)
    {
        (long time, double[] values) = Minutes[minute];
        for (uint series = 1; series <= SeriesCount; series++)
        {
            encoder.Add(series, KindOf(series), time, values[series - 1], null, Quality.Good);
        }
    }

    private static (long, double[]) Parse(string line)
    {
        string[] fields = line.Split(',');
        DateTime time = DateTime.ParseExact(
            fields[1].Trim('"'), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        return ((time - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
            [.. fields.Skip(2).Select(field => double.Parse(field, CultureInfo.InvariantCulture))]);
    }
}
