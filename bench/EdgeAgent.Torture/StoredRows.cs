using Microsoft.Data.Sqlite;

namespace EdgeAgent.Torture;

/// <summary>The service's database, by queries of its own.</summary>
internal sealed class StoredRows : IDisposable
{
    private readonly SqliteConnection _connection;

    public StoredRows(string databaseFile)
    {
        _connection = new SqliteConnection($"Data Source={databaseFile};Mode=ReadOnly");
        _connection.Open();
    }

    public long Count() => Number("SELECT count(*) FROM readings");

    /// <summary>Without aggregates, whose series have a colon in their name.</summary>
    public long CountRaw() => Number("SELECT count(*) FROM readings r JOIN series s ON s.id = r.series_id WHERE s.name NOT LIKE '%:%'");

    /// <summary>How many readings the explained gaps cover.</summary>
    public long CountLost() => Number("SELECT ifnull(sum(readings), 0) FROM gaps");

    public IEnumerable<(string Series, long UnixNanoseconds, double Value)> All()
    {
        using SqliteCommand query = _connection.CreateCommand();
        query.CommandText = "SELECT s.name, r.time_ns, r.value FROM readings r JOIN series s ON s.id = r.series_id";
        using SqliteDataReader reader = query.ExecuteReader();
        while (reader.Read())
        {
            yield return (reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? double.NaN : reader.GetDouble(2));
        }
    }

    public void Dispose() => _connection.Dispose();

    private long Number(string sql)
    {
        using SqliteCommand query = _connection.CreateCommand();
        query.CommandText = sql;
        return (long)query.ExecuteScalar()!;
    }
}
