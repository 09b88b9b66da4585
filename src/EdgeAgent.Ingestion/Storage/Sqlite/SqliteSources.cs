using Microsoft.Data.Sqlite;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

internal readonly record struct StoredSource(long Id, ulong DurableThrough);

/// <summary>Devices and their sources: who was heard of, and how far.</summary>
internal sealed class SqliteSources(SqliteConnection connection) : IDisposable
{
    public const string FindSql =
        """
        SELECT sources.id, durable_through FROM sources JOIN devices ON devices.id = device_id
        WHERE name = ?1 AND spool_id = ?2 AND lane = ?3
        """;

    private readonly PreparedStatement _find = new(connection, FindSql);

    private readonly PreparedStatement _seen = new(
        connection,
        """
        INSERT INTO devices (name, first_seen_ns, last_seen_ns, agent_version) VALUES (?1, ?2, ?2, ?3)
        ON CONFLICT (name) DO UPDATE SET last_seen_ns = max(last_seen_ns, excluded.last_seen_ns), agent_version = excluded.agent_version
        """);

    private readonly PreparedStatement _device = new(connection, "SELECT id FROM devices WHERE name = ?1");

    private readonly PreparedStatement _add = new(
        connection, "INSERT INTO sources (device_id, spool_id, lane, durable_through) VALUES (?1, ?2, ?3, 0)");

    private readonly PreparedStatement _lastId = new(connection, "SELECT last_insert_rowid()");

    private readonly PreparedStatement _advance = new(
        connection,
        """
        UPDATE sources SET durable_through = ?2, records = records + ?3, records_skipped = records_skipped + ?4,
            readings = readings + ?5, bytes = bytes + ?6, aggregates = aggregates + ?7
        WHERE id = ?1
        """);

    private readonly PreparedStatement _report = new(
        connection,
        """
        UPDATE sources SET waiting_bytes = ?2, waiting_oldest_ms = ?3, waiting_last_sequence = ?4, waiting_drained_ms = ?5, waiting_told_ns = ?6
        WHERE id = ?1
        """);

    public static StoredSource? Find(PreparedStatement find, SourceKey key)
    {
        Span<byte> spool = stackalloc byte[16];
        _ = key.Spool.TryWriteBytes(spool, bigEndian: true, out _);
        if (!find.Bind(1, key.Device).Bind(2, spool).Bind(3, (long)key.Lane).TryRow())
        {
            return null;
        }
        var source = new StoredSource(find.Int64(0), (ulong)find.Int64(1));
        find.Done();
        return source;
    }

    public StoredSource? Find(SourceKey key) => Find(_find, key);

    /// <summary>Notes that the device was heard of just now.</summary>
    /// <returns>The id of its row.</returns>
    public long SeenDevice(SourceChunk chunk)
    {
        _seen.Bind(1, chunk.Source.Device).Bind(2, chunk.ReceivedUnixNanoseconds).Bind(3, chunk.AgentVersion).Run();
        _device.Bind(1, chunk.Source.Device).TryRow();
        long id = _device.Int64(0);
        _device.Done();
        return id;
    }

    public long Add(long device, SourceKey key)
    {
        Span<byte> spool = stackalloc byte[16];
        _ = key.Spool.TryWriteBytes(spool, bigEndian: true, out _);
        _add.Bind(1, device).Bind(2, spool).Bind(3, (long)key.Lane).Run();
        _lastId.TryRow();
        long id = _lastId.Int64(0);
        _lastId.Done();
        return id;
    }

    public void Advance(long source, SourceChunk chunk)
    {
        _advance.Bind(1, source).Bind(2, (long)chunk.Through).Bind(3, chunk.RecordsStored).Bind(4, chunk.RecordsSkipped)
            .Bind(5, chunk.Readings.Readings).Bind(6, chunk.Bytes).Bind(7, chunk.Readings.Aggregates).Run();
        if (chunk.Waiting is { IsTold: true } waiting)
        {
            _report.Bind(1, source).Bind(2, waiting.Bytes).Bind(3, waiting.OldestAgeMilliseconds).Bind(4, waiting.LastSequence)
                .Bind(5, waiting.DrainedInMilliseconds).Bind(6, chunk.ReceivedUnixNanoseconds).Run();
        }
    }

    public void Dispose()
    {
        foreach (PreparedStatement statement in (PreparedStatement[])[_find, _seen, _device, _add, _lastId, _advance, _report])
        {
            statement.Dispose();
        }
    }
}
