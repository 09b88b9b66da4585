using System.Globalization;
using EdgeAgent.Samples.Telemetry;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The whole reference telemetry: 8,143 minutes of six series, and how messages of it look.</summary>
internal static class OfficeRoomTelemetry
{
    /// <summary>One message of one value: office/QUANTITY with {"at": ISO 8601, "value": number}.</summary>
    public const string SingleValueRule = """
        {
          "topic": "office/{quantity}", "series": "{quantity}", "payload": "json",
          "time": { "pointer": "/at", "format": "iso8601", "maximumAge": "20000d" },
          "values": [ { "pointer": "/value" } ]
        }
        """;

    public static IReadOnlyList<OfficeRoomRow> Load() => OfficeRoom.Load(Path.Combine(AppContext.BaseDirectory, "data", "office-room-all.csv"));

    /// <summary>What the database must hold in the end, in a canonical order.</summary>
    public static List<(string Series, long UnixNanoseconds, double Value)> Expected(IEnumerable<OfficeRoomRow> rows) =>
        Sorted(rows.SelectMany(row => OfficeRoom.Series.Select((series, column) =>
            (series.Name, UnixNanoseconds(row.TimeUtc), double.Parse(row.Values[column], CultureInfo.InvariantCulture)))));

    public static List<(string Series, long UnixNanoseconds, double Value)> Sorted(IEnumerable<(string Series, long UnixNanoseconds, double Value)> readings)
    {
        List<(string Series, long UnixNanoseconds, double Value)> sorted = [.. readings];
        sorted.Sort((left, right) =>
        {
            int series = string.CompareOrdinal(left.Series, right.Series);
            return series != 0 ? series : left.UnixNanoseconds != right.UnixNanoseconds
                ? left.UnixNanoseconds.CompareTo(right.UnixNanoseconds) : left.Value.CompareTo(right.Value);
        });
        return sorted;
    }

    /// <summary>The payloads of one column, one a line, for mosquitto_pub -l.</summary>
    public static IEnumerable<string> Lines(IEnumerable<OfficeRoomRow> rows, int column) =>
        rows.Select(row => $$"""{"at":"{{row.TimeUtc:yyyy-MM-ddTHH:mm:ssZ}}","value":{{row.Values[column]}}}""");

    private static long UnixNanoseconds(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks * 100;
}
