using Microsoft.Data.Sqlite;

namespace EdgeAgent.Samples;

/// <summary>What the service's database holds, by queries of its own: nobody's counter is trusted here.</summary>
internal sealed class StoredReadings : IDisposable
{
    private const int TrendLength = 32;
    private readonly SqliteConnection _connection;

    public StoredReadings(string databaseFile)
    {
        _connection = new SqliteConnection($"Data Source={databaseFile};Mode=ReadOnly");
        _connection.Open();
    }

    public long Count()
    {
        using SqliteCommand query = Query("SELECT count(*) FROM readings");
        return (long)query.ExecuteScalar()!;
    }

    public IEnumerable<(string Series, long UnixNanoseconds, double Value)> All()
    {
        using SqliteCommand query = Query("SELECT s.name, r.time_ns, r.value FROM readings r JOIN series s ON s.id = r.series_id");
        using SqliteDataReader reader = query.ExecuteReader();
        while (reader.Read())
        {
            yield return (reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? double.NaN : reader.GetDouble(2));
        }
    }

    /// <summary>The values of one series, in the order of their times.</summary>
    public IEnumerable<double> Numbers(string series)
    {
        using SqliteCommand query = Query("SELECT r.value FROM readings r JOIN series s ON s.id = r.series_id WHERE s.name = $name ORDER BY r.time_ns");
        query.Parameters.AddWithValue("$name", series);
        using SqliteDataReader reader = query.ExecuteReader();
        while (reader.Read())
        {
            yield return reader.GetDouble(0);
        }
    }

    public IReadOnlyList<LatestReading> Latest()
    {
        var latest = new List<LatestReading>();
        using SqliteCommand query = Query("SELECT id, name, unit FROM series ORDER BY name");
        using SqliteDataReader reader = query.ExecuteReader();
        while (reader.Read())
        {
            List<double> trend = Trend(reader.GetInt64(0));
            if (trend.Count > 0)
            {
                latest.Add(new LatestReading(reader.GetString(1), reader.GetString(2), trend[^1], trend));
            }
        }
        return latest;
    }

    public void Dispose() => _connection.Dispose();

    private List<double> Trend(long series)
    {
        using SqliteCommand query = Query("SELECT value FROM readings WHERE series_id = $series AND value IS NOT NULL ORDER BY time_ns DESC LIMIT $length");
        query.Parameters.AddWithValue("$series", series);
        query.Parameters.AddWithValue("$length", TrendLength);
        using SqliteDataReader reader = query.ExecuteReader();
        var values = new List<double>();
        while (reader.Read())
        {
            values.Add(reader.GetDouble(0));
        }
        values.Reverse();
        return values;
    }

    private SqliteCommand Query(string sql)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
