using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Protocol.V1;
using Npgsql;

namespace EdgeAgent.Ingestion.Storage.Postgres;

/// <summary>The connections to one database. A commit is on the server's disk when it returns.</summary>
internal sealed class PostgresDatabase : ISqlDialect, IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    /// <exception cref="ArgumentException">The connection cannot be read.</exception>
    /// <exception cref="IOException">The file that holds it cannot be read.</exception>
    public PostgresDatabase(PostgresOptions options)
    {
        string text = options.Connection ?? File.ReadAllText(options.ConnectionFile!).Trim();
        // Slim: only what is asked for here, so that the rest can be trimmed.
        var builder = new NpgsqlSlimDataSourceBuilder(text);
        builder.EnableArrays().EnableTransportSecurity();
        NpgsqlConnectionStringBuilder connection = builder.ConnectionStringBuilder;
        connection.ApplicationName ??= "edge-ingestion";
        string timeout = options.StatementTimeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
        // Whatever the server's own settings are: what has been acknowledged survives its power cut.
        connection.Options = $"{connection.Options} -c synchronous_commit=on -c statement_timeout={timeout}".TrimStart();
        // The server ends a statement; this is for a server that does not answer.
        connection.CommandTimeout = (int)options.StatementTimeout.TotalSeconds + 5;
        _source = builder.Build();
    }

    /// <summary>What the service holds there; other databases of the server do not count.</summary>
    public string DatabaseBytesSql => "SELECT pg_database_size(current_database())";

    /// <summary>Why a store has to wait; null where the failure is not the server's, and flies on as it is.</summary>
    public static StoreUnavailableException? Unavailable(Exception failure) => failure switch
    {
        // Data that does not fit, a broken constraint, a wrong statement: ours, and no waiting mends it (classes 22, 23, 42 of appendix A).
        PostgresException { SqlState: [.. var kind, _, _, _] } when kind is "22" or "23" or "42" => null,
        NpgsqlException or SocketException or TimeoutException or IOException => new StoreUnavailableException(failure.Message, failure),
        _ => null,
    };

    /// <summary>
    /// Whether the same once more may do: another instance held what this one needed, or has just met the same new device, which nobody could lock before
    /// it was there.
    /// </summary>
    public static bool IsConflict(Exception failure) => failure is PostgresException conflict
        && (conflict.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            || (conflict.SqlState == PostgresErrorCodes.UniqueViolation && conflict.TableName == "sources"));

    public NpgsqlConnection Open() => _source.OpenConnection();

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    public DbConnection OpenForReading() => Open();

    public string ValueColumns(string prefix) => $"CAST({prefix}kind AS BIGINT), {prefix}number, {prefix}text";

    public ReadingValue ReadValue(DbDataReader row, int column, Quality quality) => (SeriesKind)row.GetInt64(column) switch
    {
        _ when !ReadingValue.Exists(quality) => ReadingValue.None,
        SeriesKind.Text => ReadingValue.Of(row.GetString(column + 2)),
        SeriesKind.Boolean => ReadingValue.Of(row.GetDouble(column + 1) != 0),
        _ => ReadingValue.Of(row.GetDouble(column + 1)),
    };

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
