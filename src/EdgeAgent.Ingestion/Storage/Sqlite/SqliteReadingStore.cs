using EdgeAgent.Protocol.V1;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

/// <summary>
/// The embedded store: one SQLite file in WAL mode with <c>synchronous=FULL</c>, so that a commit is on the disk when it
/// returns. One connection writes; readers have their own and never wait for it.
/// </summary>
internal sealed class SqliteReadingStore : IReadingStore
{
    private readonly SqliteConnection _connection;
    private readonly SqliteFile _file;
    private readonly SqliteSources _sources;
    private readonly SqliteSeries _series;
    private readonly PreparedStatement _begin;
    private readonly PreparedStatement _commit;
    private readonly PreparedStatement _rollback;
    private readonly PreparedStatement _insertReading;
    private readonly PreparedStatement _insertGap;
    private readonly PreparedStatement _insertProvisional;
    private readonly PreparedStatement _probe;
    private readonly TimeProvider _time;

    private SqliteReadingStore(SqliteFile file, SqliteConnection connection, TimeProvider time)
    {
        _file = file;
        _connection = connection;
        _time = time;
        _sources = new SqliteSources(connection);
        _series = new SqliteSeries(connection);
        _begin = new PreparedStatement(connection, "BEGIN IMMEDIATE");
        _commit = new PreparedStatement(connection, "COMMIT");
        _rollback = new PreparedStatement(connection, "ROLLBACK");
        _insertReading = new PreparedStatement(connection, "INSERT INTO readings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        _insertGap = new PreparedStatement(
            connection,
            """
            INSERT INTO gaps (source_id, from_sequence, to_sequence, reported_from, readings, cause, received_ns)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """);
        _insertProvisional = new PreparedStatement(connection, "INSERT INTO provisional VALUES (?1, ?2, ?3, ?4, ?5)");
        _probe = new PreparedStatement(
            connection, "INSERT INTO probe VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at_ns = excluded.at_ns");
    }

    /// <summary>Opens or creates the database.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    /// <exception cref="InvalidDataException">It is of a newer version.</exception>
    public static SqliteReadingStore Open(SqliteFile file, TimeProvider time)
    {
        SqliteConnection connection = file.OpenForWriting();
        try
        {
            SqliteSchema.Upgrade(connection);
            return new SqliteReadingStore(file, connection, time);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ValueTask<ulong> ReadDurableThroughAsync(SourceKey source, CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult(_file.ReadDurableThrough(source));
        }
        catch (SqliteException failure)
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    public ValueTask<IReadOnlyList<StoreResult>> StoreAsync(IReadOnlyList<SourceChunk> chunks, CancellationToken cancellationToken)
    {
        var results = new StoreResult[chunks.Count];
        InTransaction(() =>
        {
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = Store(chunks[i]);
            }
        });
        return ValueTask.FromResult<IReadOnlyList<StoreResult>>(results);
    }

    public ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        InTransaction(() => _probe.Bind(1, _time.GetUtcNow().ToUnixNanoseconds()).Run());
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        // The connection last: statements belong to it.
        IDisposable[] parts = [_sources, _series, _begin, _commit, _rollback, _insertReading, _insertGap, _insertProvisional, _probe, _connection];
        foreach (IDisposable part in parts)
        {
            part.Dispose();
        }
        _file.CloseReaders();
        return ValueTask.CompletedTask;
    }

    private void InTransaction(Action work)
    {
        try
        {
            _begin.Run();
            work();
            _commit.Run();
        }
        // A broken constraint is a chunk's fault or ours, not the disk's, and flies on as it is.
        catch (SqliteException failure) when (failure.SqliteErrorCode != SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            RollBack();
            throw new StoreUnavailableException(failure.Message, failure);
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void RollBack()
    {
        // What was remembered since BEGIN may name rows that are no more.
        _series.Forget();
        // A full disk or an I/O error may have rolled back already, which is no error to report beside the first.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            _rollback.Run();
        }
    }

    /// <summary>Checks everything before the first write, because there is no partial undo within the transaction.</summary>
    private StoreResult Store(SourceChunk chunk)
    {
        StoredSource? known = _sources.Find(chunk.Source);
        ulong durableThrough = known?.DurableThrough ?? 0;
        if (durableThrough != chunk.After)
        {
            return StoreResult.Superseded(durableThrough);
        }
        if (FindUnknown(chunk.Readings, known?.Id) is { } unknown)
        {
            return StoreResult.SeriesUnknown(durableThrough, unknown.Dictionary, unknown.Series);
        }

        long device = _sources.SeenDevice(chunk);
        long source = known?.Id ?? _sources.Add(device, chunk.Source);
        foreach (NamedSeries named in chunk.Readings.Definitions)
        {
            _series.Define(device, source, named, chunk.ReceivedUnixNanoseconds);
        }
        foreach (ref readonly ColumnRun run in chunk.Readings.Runs)
        {
            StoreRun(source, chunk, run);
        }
        foreach (ProvisionalRecord record in chunk.Provisional)
        {
            _insertProvisional.Bind(1, source).Bind(2, (long)record.Sequence).Bind(3, record.BootId.Span)
                .Bind(4, record.BootTimeNanoseconds).Bind(5, record.BaseTimeUnixNanoseconds).Run();
        }
        foreach (ExplainedGap gap in chunk.Gaps)
        {
            _insertGap.Bind(1, source).Bind(2, (long)gap.From).Bind(3, (long)gap.To).Bind(4, (long)gap.ReportedFrom)
                .Bind(5, unchecked((long)gap.Readings)).Bind(6, (long)gap.Cause).Bind(7, chunk.ReceivedUnixNanoseconds).Run();
        }
        _sources.Advance(source, chunk);
        return StoreResult.Stored(chunk.Through, _series.TakeLatest(chunk));
    }

    private ColumnRun? FindUnknown(ReadingColumns readings, long? source)
    {
        foreach (ref readonly ColumnRun run in readings.Runs)
        {
            bool known = readings.Names(run.Dictionary, run.Series)
                || (source is { } id && _series.IsDefined(id, run.Dictionary, run.Series));
            if (!known)
            {
                return run;
            }
        }
        return null;
    }

    private void StoreRun(long source, SourceChunk chunk, in ColumnRun run)
    {
        long series = _series.Resolve(source, run.Dictionary, run.Series);
        ReadOnlySpan<long> times = chunk.Readings.Times(run);
        ReadOnlySpan<Quality> qualities = chunk.Readings.Qualities(run);
        _insertReading.Bind(1, series).Bind(3, source).Bind(4, (long)run.Sequence);
        for (int i = 0; i < times.Length; i++)
        {
            _insertReading.Bind(2, times[i]).Bind(5, run.Ordinal + i).Bind(7, (long)qualities[i]);
            SqliteValue.Bind(_insertReading, 6, chunk.Readings, run, i, qualities[i]);
            _insertReading.Run();
        }
        _series.Tally(series, chunk, run);
    }
}
