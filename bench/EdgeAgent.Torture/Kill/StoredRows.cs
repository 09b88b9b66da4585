using Microsoft.Data.Sqlite;

namespace EdgeAgent.Torture.Kill;

/// <summary>The service's database, by queries of its own.</summary>
internal sealed class StoredRows : IDisposable
{
    private readonly SqliteConnection _connection;

    public StoredRows(string databaseFile)
    {
        _connection = new SqliteConnection($"Data Source={databaseFile};Mode=ReadOnly");
        _connection.Open();
    }

    public long Count()
    {
        using SqliteCommand query = _connection.CreateCommand();
        query.CommandText = "SELECT count(*) FROM readings";
        return (long)query.ExecuteScalar()!;
    }

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
}
