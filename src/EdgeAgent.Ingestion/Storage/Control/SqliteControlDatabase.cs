using EdgeAgent.Ingestion.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Ingestion.Storage.Control;

/// <summary>
/// The embedded one: the file <c>control.db</c> beside the readings. What other processes change is seen by <c>PRAGMA data_version</c>, which differs after
/// another connection's commit (sqlite.org/pragma.html), once a second.
/// </summary>
internal sealed class SqliteControlDatabase : ControlDatabase
{
    public const string Name = "control.db";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string _connection;
    private readonly SqliteConnection _watching;
    private readonly Lock _changing = new();
    private readonly Lock _looking = new();
    private readonly ITimer _timer;
    private long _seen;
    private bool _isDisposed;

    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    /// <exception cref="InvalidDataException">The database is of a newer version.</exception>
    public SqliteControlDatabase(string folder, IEnumerable<ControlTables> tables, TimeProvider time)
    {
        SqliteLibrary.Use();
        Directory.CreateDirectory(folder);
        _connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, Name), DefaultTimeout = 10 }.ToString();
        using (SqliteConnection connection = Open())
        using (SqliteCommand command = connection.CreateCommand())
        {
            // It stays so for the file; the rest is for each connection.
            command.CommandText = "PRAGMA journal_mode = WAL";
            command.ExecuteNonQuery();
        }
        Change(session =>
        {
            foreach (ControlTables matter in tables)
            {
                matter.Upgrade(session);
            }
        });
        _watching = Open();
        _seen = DataVersion();
        _timer = time.CreateTimer(static self => ((SqliteControlDatabase)self!).Look(), this, LookEvery, LookEvery);
    }

    public override T Read<T>(Func<ControlSession, T> read)
    {
        try
        {
            using SqliteConnection connection = Open();
            using SqliteTransaction snapshot = connection.BeginTransaction(deferred: true);
            return read(new ControlSession(connection, snapshot));
        }
        catch (SqliteException failure)
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    public override T Change<T>(Func<ControlSession, T> change)
    {
        T result;
        try
        {
            // Within the process in turn; between processes SQLite waits for its lock.
            lock (_changing)
            {
                using SqliteConnection connection = Open();
                using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
                result = change(new ControlSession(connection, transaction));
                transaction.Commit();
            }
        }
        catch (SqliteException failure)
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
        TellChanged();
        return result;
    }

    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        lock (_looking)
        {
            _isDisposed = true;
            _watching.Dispose();
        }
        using var pooled = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(pooled);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        // A commit is on the disk when it returns.
        command.CommandText = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON";
        command.ExecuteNonQuery();
        return connection;
    }

    private void Look()
    {
        lock (_looking)
        {
            if (_isDisposed)
            {
                return;
            }
            long version;
            try
            {
                version = DataVersion();
            }
            catch (SqliteException)
            {
                // Whoever needs the database is told so; this only looks again.
                return;
            }
            if (version == _seen)
            {
                return;
            }
            _seen = version;
        }
        TellChanged();
    }

    private long DataVersion()
    {
        using SqliteCommand command = _watching.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return (long)command.ExecuteScalar()!;
    }
}
