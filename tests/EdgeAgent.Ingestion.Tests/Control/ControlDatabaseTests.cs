using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Ingestion.Storage.Postgres;
using EdgeAgent.Ingestion.Tests.Stores;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.Control;

/// <summary>What every database of people's decisions keeps to.</summary>
[Collection(SharedPostgres.Collection)]
public sealed class ControlDatabaseTests(SharedPostgres postgres) : IAsyncDisposable
{
    private static readonly ControlTables Notes = new("notes", ["CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL, data BYTEA)"]);

    private readonly TemporaryFolder _folder = new();
    private readonly List<ControlDatabase> _open = [];
    private readonly List<PostgresDatabase> _connections = [];
    private string? _connection;

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task What_was_changed_is_there_for_every_instance_and_after_a_restart(StoreKind kind)
    {
        await UseAsync(kind);
        byte[] data = [0, 1, 255];
        Open(Notes).Change(session => { Add(session, "first", data); });

        (long Id, string Text, byte[] Data) read = Assert.Single(Open(Notes).Read(session => session.Query(
            "SELECT id, text, data FROM notes", static row => (row.GetInt64(0), row.GetString(1), (byte[])row.GetValue(2)))));
        Assert.Equal((1, "first"), (read.Id, read.Text));
        Assert.Equal(data, read.Data);
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task A_change_that_throws_leaves_no_trace_and_tells_nobody(StoreKind kind)
    {
        await UseAsync(kind);
        ControlDatabase database = Open(Notes);
        int told = 0;
        database.Changed += () => told++;

        Assert.Throws<FormatException>(() => database.Change(session =>
        {
            Add(session, "half");
            throw new FormatException();
        }));

        Assert.Empty(Texts(database));
        Assert.Equal(0, told);
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task A_change_by_one_instance_is_told_to_all(StoreKind kind)
    {
        await UseAsync(kind);
        ControlDatabase here = Open(Notes), there = Open(Notes);
        var (own, foreign) = (new TaskCompletionSource(), new TaskCompletionSource());
        here.Changed += () => own.TrySetResult();
        there.Changed += () => foreign.TrySetResult();

        here.Change(session => { Add(session, "news"); });

        await Task.WhenAll(own.Task, foreign.Task).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["news"], Texts(there));
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Changes_of_many_instances_come_one_after_the_other(StoreKind kind)
    {
        await UseAsync(kind);
        ControlDatabase[] instances = [Open(Notes), Open(Notes), Open(Notes)];
        Parallel.For(0, 60, i => instances[i % instances.Length].Change(session => { Add(session, $"{i}"); }));

        Assert.Equal(60, Texts(instances[0]).Distinct().Count());
    }

    [Theory]
    [OverStore(StoreKind.Sqlite)]
    [OverStore(StoreKind.Postgres)]
    public async Task Tables_are_brought_up_to_date_and_those_of_a_newer_program_are_refused(StoreKind kind)
    {
        await UseAsync(kind);
        ControlTables newer = Notes with { Steps = [.. Notes.Steps, "ALTER TABLE notes ADD COLUMN author TEXT; CREATE INDEX by_author ON notes (author)"] };
        Open(Notes).Change(session => { Add(session, "old"); });

        Assert.Equal(["old"], Open(newer).Read(session => session.Query("SELECT text FROM notes WHERE author IS NULL", static row => row.GetString(0))));
        Assert.Contains("version 2", Assert.Throws<InvalidDataException>(() => Open(Notes)).Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ControlDatabase database in _open)
        {
            await database.DisposeAsync();
        }
        foreach (PostgresDatabase connection in _connections)
        {
            await connection.DisposeAsync();
        }
        _folder.Dispose();
    }

    private static void Add(ControlSession session, string text, byte[]? data = null) => session.Execute(
        "INSERT INTO notes (id, text, data) VALUES (@id, @text, @data)", ("id", session.Next("notes", "id")), ("text", text), ("data", data));

    private static List<string> Texts(ControlDatabase database) =>
        database.Read(session => session.Query("SELECT text FROM notes", static row => row.GetString(0)));

    private async Task UseAsync(StoreKind kind) => _connection = kind == StoreKind.Postgres ? await postgres.CreateDatabaseAsync() : null;

    /// <summary>An instance of its own on the same database.</summary>
    private ControlDatabase Open(ControlTables tables)
    {
        ControlDatabase database;
        if (_connection is null)
        {
            database = new SqliteControlDatabase(_folder.Path, [tables], TimeProvider.System);
        }
        else
        {
            var connection = new PostgresDatabase(new PostgresOptions { Connection = _connection });
            _connections.Add(connection);
            database = PostgresControlDatabase.Open(connection, [tables], TimeProvider.System);
        }
        _open.Add(database);
        return database;
    }
}
