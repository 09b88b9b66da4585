using EdgeAgent.Protocol.V1;
using Npgsql;
using NpgsqlTypes;

namespace EdgeAgent.Ingestion.Storage.Postgres;

/// <summary>
/// Readings in PostgreSQL. A group of chunks is one transaction: the devices are locked, watermarks compared, series named, all readings copied in one binary
/// COPY, watermarks moved. Any number of instances may write.
/// </summary>
internal sealed class PostgresReadingStore : IReadingStore
{
    /// <summary>Another instance that held the same devices in another order has won by then.</summary>
    private const int Attempts = 5;

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly PostgresSeries _series = new();

    private PostgresReadingStore(PostgresDatabase database, TimeProvider time) => (_database, _time) = (database, time);

    /// <summary>Connects, and makes the tables where they are missing. Takes the database over.</summary>
    /// <exception cref="NpgsqlException">It cannot be reached.</exception>
    /// <exception cref="InvalidDataException">It is of a newer version.</exception>
    public static async Task<PostgresReadingStore> OpenAsync(PostgresDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        await PostgresSchema.UpgradeAsync(database, cancellationToken);
        return new PostgresReadingStore(database, time);
    }

    public async ValueTask<ulong> ReadDurableThroughAsync(SourceKey source, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await _database.OpenAsync(cancellationToken);
            List<long> found = await connection.Statement(PostgresSources.DurableThroughSql)
                .With(source.Device).With(PostgresSources.SpoolId(source)).With((long)source.Lane).ReadAsync(static row => row.GetInt64(0));
            return (ulong)found.SingleOrDefault();
        }
        catch (Exception failure) when (PostgresDatabase.Unavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }

    public async ValueTask<IReadOnlyList<StoreResult>> StoreAsync(IReadOnlyList<SourceChunk> chunks, CancellationToken cancellationToken) =>
        await InTransactionAsync(connection => StoreAsync(connection, chunks), cancellationToken);

    public async ValueTask ProbeAsync(CancellationToken cancellationToken) => await InTransactionAsync(
        async connection =>
        {
            await connection.Statement("INSERT INTO probe VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at_ns = excluded.at_ns")
                .With(_time.GetUtcNow().ToUnixNanoseconds()).RunAsync();
            return 0;
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<T> InTransactionAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using NpgsqlConnection connection = await _database.OpenAsync(cancellationToken);
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
                T result = await work(connection);
                // Where the answer to this is lost, the transaction may stand all the same: the watermark tells whoever sends it again.
                await transaction.CommitAsync(cancellationToken);
                return result;
            }
            catch (Exception failure)
            {
                _series.Forget();
                if (PostgresDatabase.IsConflict(failure) && attempt < Attempts)
                {
                    continue;
                }
                throw PostgresDatabase.Unavailable(failure) ?? failure;
            }
        }
    }

    private async Task<StoreResult[]> StoreAsync(NpgsqlConnection connection, IReadOnlyList<SourceChunk> chunks)
    {
        PostgresSources sources = await PostgresSources.LockAsync(connection, chunks);
        var results = new StoreResult[chunks.Count];
        var accepted = new List<Accepted>(chunks.Count);
        for (int i = 0; i < results.Length; i++)
        {
            // Everything is checked before the first write, because there is no partial undo within the transaction.
            if (await RefuseAsync(connection, sources, chunks[i]) is { } refused)
            {
                results[i] = refused;
                continue;
            }
            accepted.Add(await AcceptAsync(connection, sources, chunks[i], i));
        }
        Copy(connection, accepted);
        foreach (Accepted chunk in accepted)
        {
            results[chunk.Index] = await FinishAsync(connection, chunk);
        }
        return results;
    }

    private async Task<StoreResult?> RefuseAsync(NpgsqlConnection connection, PostgresSources sources, SourceChunk chunk)
    {
        ulong durableThrough = sources.TryFind(chunk.Source, out PostgresSource? known) ? known.Through : 0;
        if (durableThrough != chunk.After)
        {
            return StoreResult.Superseded(durableThrough);
        }
        return await _series.FindUnknownAsync(connection, chunk.Readings, known?.Id) is { } unknown
            ? StoreResult.SeriesUnknown(durableThrough, unknown.Dictionary, unknown.Series)
            : null;
    }

    private async Task<Accepted> AcceptAsync(NpgsqlConnection connection, PostgresSources sources, SourceChunk chunk, int index)
    {
        (long device, PostgresSource source) = await sources.SeenAsync(connection, chunk);
        source.Through = chunk.Through;
        await _series.DefineAsync(connection, device, source.Id, chunk);
        long[] series = new long[chunk.Readings.Runs.Length];
        for (int i = 0; i < series.Length; i++)
        {
            (ulong dictionary, uint reference) = (chunk.Readings.Runs[i].Dictionary, chunk.Readings.Runs[i].Series);
            series[i] = await _series.ResolveAsync(connection, source.Id, dictionary, reference);
        }
        return new Accepted(index, chunk, source, series);
    }

    /// <summary>All readings in one COPY. It writes to the socket as its buffer fills, without an object a reading.</summary>
    private static void Copy(NpgsqlConnection connection, List<Accepted> accepted)
    {
        if (accepted.TrueForAll(static chunk => chunk.Series.Length == 0))
        {
            return;
        }
        using NpgsqlBinaryImporter rows = connection.BeginBinaryImport(
            "COPY readings (time_ns, sequence, number, series_id, source_id, ordinal, kind, quality, text) FROM STDIN (FORMAT BINARY)");
        foreach (Accepted chunk in accepted)
        {
            for (int i = 0; i < chunk.Series.Length; i++)
            {
                Copy(rows, (int)chunk.Source.Id, (int)chunk.Series[i], chunk.Chunk.Readings, chunk.Chunk.Readings.Runs[i]);
            }
        }
        rows.Complete();
    }

    private static void Copy(NpgsqlBinaryImporter rows, int source, int series, ReadingColumns readings, in ColumnRun run)
    {
        ReadOnlySpan<long> times = readings.Times(run);
        ReadOnlySpan<double> numbers = readings.Numbers(run);
        ReadOnlySpan<Quality> qualities = readings.Qualities(run);
        for (int i = 0; i < times.Length; i++)
        {
            bool hasValue = ReadingValue.Exists(qualities[i]);
            rows.StartRow();
            rows.Write(times[i], NpgsqlDbType.Bigint);
            rows.Write((long)run.Sequence, NpgsqlDbType.Bigint);
            if (hasValue && run.Kind != SeriesKind.Text)
            {
                rows.Write(numbers[i], NpgsqlDbType.Double);
            }
            else
            {
                rows.WriteNull();
            }
            rows.Write(series, NpgsqlDbType.Integer);
            rows.Write(source, NpgsqlDbType.Integer);
            rows.Write(run.Ordinal + i, NpgsqlDbType.Integer);
            rows.Write((short)run.Kind, NpgsqlDbType.Smallint);
            rows.Write((short)qualities[i], NpgsqlDbType.Smallint);
            if (hasValue && run.Kind == SeriesKind.Text)
            {
                rows.Write(PostgresText.Of(readings.Texts(run)[i]!), NpgsqlDbType.Text);
            }
            else
            {
                rows.WriteNull();
            }
        }
    }

    private static async Task<StoreResult> FinishAsync(NpgsqlConnection connection, Accepted accepted)
    {
        (SourceChunk chunk, long source) = (accepted.Chunk, accepted.Source.Id);
        foreach (ProvisionalRecord record in chunk.Provisional)
        {
            await connection.Statement("INSERT INTO provisional VALUES ($1, $2, $3, $4, $5)").With(source).With((long)record.Sequence)
                .With(record.BootId.ToByteArray()).With(record.BootTimeNanoseconds).With(record.BaseTimeUnixNanoseconds).RunAsync();
        }
        foreach (ExplainedGap gap in chunk.Gaps)
        {
            await connection
                .Statement(
                    """
                    INSERT INTO gaps (source_id, from_sequence, to_sequence, reported_from, readings, cause, received_ns) VALUES ($1, $2, $3, $4, $5, $6, $7)
                    """)
                .With(source).With((long)gap.From).With((long)gap.To).With((long)gap.ReportedFrom).With(unchecked((long)gap.Readings)).With((long)gap.Cause)
                .With(chunk.ReceivedUnixNanoseconds).RunAsync();
        }
        await PostgresSources.AdvanceAsync(connection, accepted.Source, chunk);
        var tallies = new PostgresTallies();
        for (int i = 0; i < accepted.Series.Length; i++)
        {
            tallies.Add(accepted.Series[i], chunk, chunk.Readings.Runs[i]);
        }
        return StoreResult.Stored(chunk.Through, await tallies.WriteAsync(connection, chunk));
    }

    /// <param name="Index">Its place in the group.</param>
    /// <param name="Chunk">What is stored.</param>
    /// <param name="Source">Whose it is.</param>
    /// <param name="Series">The series of each of its runs.</param>
    private sealed record Accepted(int Index, SourceChunk Chunk, PostgresSource Source, long[] Series);
}
