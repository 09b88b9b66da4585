using EdgeAgent.Ingestion.Storage.Postgres;
using Npgsql;

namespace EdgeAgent.Ingestion.Storage.Control;

/// <summary>
/// In the database of the readings. Changes of all instances take turns by an advisory lock; each notifies in its transaction, so that whoever listens hears of
/// what is committed and of nothing else. Nothing is missed after it was opened: it listens by then, and a listener that was cut off,
/// which cannot know what it missed, counts its return as a change.
/// </summary>
internal sealed class PostgresControlDatabase : ControlDatabase
{
    /// <summary>"edge" in ASCII, "c" for control: no other program should have it.</summary>
    private const long Lock = 0x65_64_67_65_63;

    private const string Channel = "edge_control", Listen = $"LISTEN {Channel}";

    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _listening;

    private PostgresControlDatabase(PostgresDatabase database, NpgsqlConnection listener, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _listening = Task.Run(() => ListenAsync(listener));
    }

    /// <summary>Makes the tables where they are missing. Does not take the database over.</summary>
    /// <exception cref="NpgsqlException">It cannot be reached.</exception>
    /// <exception cref="InvalidDataException">It is of a newer version.</exception>
    public static PostgresControlDatabase Open(PostgresDatabase database, IEnumerable<ControlTables> tables, TimeProvider time)
    {
        Change(database, session =>
        {
            foreach (ControlTables matter in tables)
            {
                matter.Upgrade(session);
            }
            return 0;
        });
        NpgsqlConnection listener = database.Open();
        try
        {
            using NpgsqlCommand listen = listener.Statement(Listen);
            listen.ExecuteNonQuery();
            return new PostgresControlDatabase(database, listener, time);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public override T Read<T>(Func<ControlSession, T> read)
    {
        try
        {
            using NpgsqlConnection connection = _database.Open();
            using NpgsqlTransaction snapshot = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            return read(new ControlSession(connection, snapshot));
        }
        catch (Exception failure) when (PostgresDatabase.Unavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }

    public override T Change<T>(Func<ControlSession, T> change)
    {
        T result;
        try
        {
            result = Change(_database, change);
        }
        catch (Exception failure) when (PostgresDatabase.Unavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
        TellChanged();
        return result;
    }

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening;
        _stopping.Dispose();
    }

    private static T Change<T>(PostgresDatabase database, Func<ControlSession, T> change)
    {
        using NpgsqlConnection connection = database.Open();
        using NpgsqlTransaction transaction = connection.BeginTransaction();
        var session = new ControlSession(connection, transaction);
        session.Execute($"SELECT pg_advisory_xact_lock({Lock})");
        T result = change(session);
        session.Execute($"NOTIFY {Channel}");
        transaction.Commit();
        return result;
    }

    /// <param name="listening">Listens already.</param>
    private async Task ListenAsync(NpgsqlConnection? listening)
    {
        do
        {
            try
            {
                await using NpgsqlConnection connection = listening ?? await _database.OpenAsync(_stopping.Token);
                connection.Notification += (_, _) => TellChanged();
                if (listening is null)
                {
                    await connection.Statement(Listen).RunAsync();
                    TellChanged();
                }
                while (true)
                {
                    await connection.WaitAsync(_stopping.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The service stops.
            }
            catch (Exception failure) when (PostgresDatabase.Unavailable(failure) is not null)
            {
                // Whoever needs the database is told so; this only listens again.
                listening = null;
                await Task.Delay(ReconnectAfter, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        while (!_stopping.IsCancellationRequested);
    }
}
