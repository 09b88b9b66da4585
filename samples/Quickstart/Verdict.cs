using EdgeAgent.Samples.Telemetry;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Samples;

/// <summary>What a comparison of everything that was acknowledged with everything that the database holds has found.</summary>
/// <param name="Stored">Readings in the database, by a query of its own.</param>
/// <param name="Duplicates">Rows of published series beyond what was published.</param>
/// <param name="Missing">Acknowledged readings for which there is no row of the same series, time and value.</param>
public sealed record Verdict(long Stored, long Duplicates, long Missing)
{
    /// <summary>Compares by value: series name, nanosecond and every bit of the number, each row used once.</summary>
    public static Verdict Compare(IEnumerable<PublishedReading> published, string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly");
        connection.Open();
        Dictionary<PublishedReading, int> rows = [];
        long stored = 0;
        using (SqliteCommand query = connection.CreateCommand())
        {
            query.CommandText = "SELECT s.name, r.time_ns, r.value FROM readings r JOIN series s ON s.id = r.series_id";
            using SqliteDataReader reader = query.ExecuteReader();
            while (reader.Read())
            {
                stored++;
                var row = new PublishedReading(reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? double.NaN : reader.GetDouble(2));
                rows[row] = rows.GetValueOrDefault(row) + 1;
            }
        }
        long missing = 0;
        HashSet<string> publishedSeries = [];
        foreach (PublishedReading reading in published)
        {
            publishedSeries.Add(reading.Series);
            int left = rows.GetValueOrDefault(reading);
            missing += left == 0 ? 1 : 0;
            rows[reading] = Math.Max(0, left - 1);
        }
        long duplicates = rows.Where(row => publishedSeries.Contains(row.Key.Series)).Sum(row => (long)row.Value);
        return new Verdict(stored, duplicates, missing);
    }
}
