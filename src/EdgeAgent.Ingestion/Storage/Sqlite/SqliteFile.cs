using System.Data.Common;
using EdgeAgent.Protocol.V1;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

/// <summary>The database file <c>readings.db</c> in the data folder, and how it is opened.</summary>
internal sealed class SqliteFile : ISqlDialect
{
    public const string Name = "readings.db";

    private readonly string _writing;
    private readonly string _reading;

    /// <exception cref="IOException">The folder cannot be made.</exception>
    public SqliteFile(string folder)
    {
        SqliteLibrary.Use();
        Directory.CreateDirectory(folder);
        Path = System.IO.Path.Combine(folder, Name);
        var connection = new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false, DefaultTimeout = 10 };
        _writing = connection.ToString();
        connection.Mode = SqliteOpenMode.ReadOnly;
        connection.Pooling = true;
        _reading = connection.ToString();
    }

    public string Path { get; }

    public SqliteConnection OpenForWriting()
    {
        var connection = new SqliteConnection(_writing);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        // FULL: a commit is on the disk when it returns. 32 MiB of cache, because every series has its own place where rows are
        // added. The WAL goes back to 64 MiB after a burst. Five seconds for another process that holds the lock.
        command.CommandText =
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA cache_size = -32768;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA busy_timeout = 5000;
            """;
        command.ExecuteNonQuery();
        return connection;
    }

    public string DatabaseBytesSql => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";

    DbConnection ISqlDialect.OpenForReading() => OpenForReading();

    public string ValueColumns(string prefix) => $"{prefix}value";

    public ReadingValue ReadValue(DbDataReader row, int column, Quality quality) => SqliteValue.Read(row, column, quality);

    /// <inheritdoc cref="ISqlDialect.OpenForReading"/>
    public SqliteConnection OpenForReading()
    {
        var connection = new SqliteConnection(_reading);
        connection.Open();
        return connection;
    }

    public ulong ReadDurableThrough(SourceKey source)
    {
        using SqliteConnection connection = OpenForReading();
        using var sources = new PreparedStatement(connection, SqliteSources.FindSql);
        return SqliteSources.Find(sources, source)?.DurableThrough ?? 0;
    }

    /// <summary>Lets go of the file.</summary>
    public void CloseReaders()
    {
        using var connection = new SqliteConnection(_reading);
        SqliteConnection.ClearPool(connection);
    }
}
