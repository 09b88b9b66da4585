using System.Globalization;

namespace EdgeAgent.Samples.Telemetry;

/// <summary>One minute of the office room: when, and the six values as the file writes them, so that no digit is lost in between.</summary>
public sealed record OfficeRoomRow(DateTime TimeUtc, IReadOnlyList<string> Values);

/// <summary>Real telemetry to replay: six series, one reading a minute each. data/README.md names the source.</summary>
public static class OfficeRoom
{
    /// <summary>Name and UCUM unit of each column, in the order of <see cref="OfficeRoomRow.Values"/>.</summary>
    public static IReadOnlyList<(string Name, string Unit)> Series { get; } =
    [
        ("temperature", "Cel"), ("humidity", "%"), ("light", "lx"), ("co2", "[ppm]"), ("humidity_ratio", "kg/kg"), ("occupancy", ""),
    ];

    /// <exception cref="InvalidDataException">A line does not have eight fields or its time is unreadable.</exception>
    public static IReadOnlyList<OfficeRoomRow> Load(string path)
    {
        var rows = new List<OfficeRoomRow>();
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            string[] fields = line.Split(',');
            const int leading = 2; // row number and time
            if (fields.Length != leading + Series.Count
                || !DateTime.TryParseExact(fields[1].Trim('"'), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time))
            {
                throw new InvalidDataException($"{path}, line {rows.Count + 2}: expected a row number, a time and {Series.Count} values, found '{line}'.");
            }
            rows.Add(new OfficeRoomRow(time, fields[leading..]));
        }
        return rows;
    }
}
