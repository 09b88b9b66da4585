using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Protocol.V1;
using Npgsql;

namespace EdgeAgent.Ingestion.Storage.Postgres;

/// <summary>
/// Devices and their sources within one transaction: who was heard of, and how far. The rows of the devices are locked first, in the order of their names, and
/// whatever else a chunk changes belongs to its device: so instances never wait for each other in a circle.
/// </summary>
internal sealed class PostgresSources
{
    public const string DurableThroughSql =
        """
        SELECT durable_through FROM sources JOIN devices ON devices.id = device_id WHERE name = $1 AND spool_id = $2 AND lane = $3
        """;

    private readonly Dictionary<string, long> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<SourceKey, PostgresSource> _sources = [];

    public static byte[] SpoolId(SourceKey key) => key.Spool.ToByteArray(bigEndian: true);

    /// <summary>Locks what is known of the chunks' devices, and reads their watermarks.</summary>
    public static async Task<PostgresSources> LockAsync(NpgsqlConnection connection, IReadOnlyList<SourceChunk> chunks)
    {
        var locked = new PostgresSources();
        string[] names = [.. chunks.Select(chunk => chunk.Source.Device).Distinct()];
        foreach ((long id, string name) in await connection
            .Statement("SELECT id, name FROM devices WHERE name = ANY ($1) ORDER BY name FOR UPDATE").With(names)
            .ReadAsync(static row => (row.GetInt64(0), row.GetString(1))))
        {
            locked._devices[name] = id;
        }
        if (locked._devices.Count > 0)
        {
            foreach ((SourceKey key, PostgresSource source) in await connection
                .Statement(
                    """
                    SELECT name, spool_id, lane, sources.id, durable_through FROM sources JOIN devices ON devices.id = device_id WHERE device_id = ANY ($1)
                    """)
                .With(locked._devices.Values.ToArray())
                .ReadAsync(static row => (
                    new SourceKey(row.GetString(0), new Guid(row.GetFieldValue<byte[]>(1), bigEndian: true), (Lane)row.GetInt64(2)),
                    new PostgresSource(row.GetInt64(3), (ulong)row.GetInt64(4)))))
            {
                locked._sources[key] = source;
            }
        }
        return locked;
    }

    public bool TryFind(SourceKey key, [NotNullWhen(true)] out PostgresSource? source) => _sources.TryGetValue(key, out source);

    /// <summary>Notes that the device was heard of just now, and that the source is there.</summary>
    /// <returns>The ids of their rows.</returns>
    public async Task<(long Device, PostgresSource Source)> SeenAsync(NpgsqlConnection connection, SourceChunk chunk)
    {
        long device = (await connection
            .Statement(
                """
                INSERT INTO devices (name, first_seen_ns, last_seen_ns, agent_version) VALUES ($1, $2, $2, $3)
                ON CONFLICT (name) DO UPDATE SET last_seen_ns = greatest(devices.last_seen_ns, excluded.last_seen_ns), agent_version = excluded.agent_version
                RETURNING id
                """)
            .With(chunk.Source.Device).With(chunk.ReceivedUnixNanoseconds).With(PostgresText.Of(chunk.AgentVersion))
            .ReadAsync(static row => row.GetInt64(0)))[0];
        _devices[chunk.Source.Device] = device;
        if (!TryFind(chunk.Source, out PostgresSource? source))
        {
            long id = (await connection
                .Statement("INSERT INTO sources (device_id, spool_id, lane, durable_through) VALUES ($1, $2, $3, 0) RETURNING id")
                .With(device).With(SpoolId(chunk.Source)).With((long)chunk.Source.Lane)
                .ReadAsync(static row => row.GetInt64(0)))[0];
            _sources[chunk.Source] = source = new PostgresSource(id, 0);
        }
        return (device, source);
    }

    public static async Task AdvanceAsync(NpgsqlConnection connection, PostgresSource source, SourceChunk chunk)
    {
        await connection
            .Statement(
                """
                UPDATE sources SET durable_through = $2, records = records + $3, records_skipped = records_skipped + $4, readings = readings + $5,
                    bytes = bytes + $6, aggregates = aggregates + $7
                WHERE id = $1
                """)
            .With(source.Id).With((long)chunk.Through).With((long)chunk.RecordsStored).With((long)chunk.RecordsSkipped)
            .With((long)chunk.Readings.Readings).With(chunk.Bytes).With((long)chunk.Readings.Aggregates).RunAsync();
        if (chunk.Waiting is { IsTold: true } waiting)
        {
            await connection
                .Statement(
                    """
                    UPDATE sources SET waiting_bytes = $2, waiting_oldest_ms = $3, waiting_last_sequence = $4, waiting_drained_ms = $5, waiting_told_ns = $6
                    WHERE id = $1
                    """)
                .With(source.Id).With(waiting.Bytes).With(waiting.OldestAgeMilliseconds).With(waiting.LastSequence)
                .With(waiting.DrainedInMilliseconds).With(chunk.ReceivedUnixNanoseconds).RunAsync();
        }
    }
}

/// <param name="Id">Of its row.</param>
/// <param name="DurableThrough">Where its watermark was when the transaction began.</param>
internal sealed record PostgresSource(long Id, ulong DurableThrough)
{
    /// <summary>Where the watermark is, counting what this transaction stores.</summary>
    public ulong Through { get; set; } = DurableThrough;
}
