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

    /// <summary>What the service counts itself, which is quick to ask; <see cref="Count"/> is what is there.</summary>
    public (long Readings, long Bytes) CountReceived() =>
        (Number("SELECT ifnull(sum(readings), 0) FROM sources"), Number("SELECT ifnull(sum(bytes), 0) FROM sources"));

    /// <summary>Records that came once more and were skipped: receipts that were lost.</summary>
    public long CountSkipped() => Number("SELECT ifnull(sum(records_skipped), 0) FROM sources");

    /// <summary>Whether a reading of the series is there that is as young as that. Follows the key, so it may be asked often.</summary>
    public bool HasSince(string series, long unixNanoseconds)
    {
        using SqliteCommand query = _connection.CreateCommand();
        query.CommandText = "SELECT EXISTS (SELECT 1 FROM readings r JOIN series s ON s.id = r.series_id WHERE s.name = $series AND r.time_ns >= $since)";
        query.Parameters.AddWithValue("$series", series);
        query.Parameters.AddWithValue("$since", unixNanoseconds);
        return (long)query.ExecuteScalar()! != 0;
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

    public IEnumerable<(string Device, double Value)> ByDevice(string series)
    {
        using SqliteCommand query = _connection.CreateCommand();
        query.CommandText =
            "SELECT d.name, r.value FROM readings r JOIN series s ON s.id = r.series_id JOIN devices d ON d.id = s.device_id WHERE s.name = $series";
        query.Parameters.AddWithValue("$series", series);
        using SqliteDataReader reader = query.ExecuteReader();
        while (reader.Read())
        {
            yield return (reader.GetString(0), reader.GetDouble(1));
        }
    }

    /// <summary>The 16 bytes by which a device's spool is known.</summary>
    public byte[] SpoolOf(string device)
    {
        using SqliteCommand query = _connection.CreateCommand();
        query.CommandText = "SELECT s.spool_id FROM sources s JOIN devices d ON d.id = s.device_id WHERE d.name = $device LIMIT 1";
        query.Parameters.AddWithValue("$device", device);
        return (byte[])query.ExecuteScalar()!;
    }

    public void Dispose() => _connection.Dispose();

    private long Number(string sql)
    {
        using SqliteCommand query = _connection.CreateCommand();
        query.CommandText = sql;
        return (long)query.ExecuteScalar()!;
    }
}
