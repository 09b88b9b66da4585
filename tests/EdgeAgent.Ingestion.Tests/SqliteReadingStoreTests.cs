using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Sqlite;
using EdgeAgent.Testing;
using Microsoft.Data.Sqlite;
using static EdgeAgent.Ingestion.Tests.Stores.StoreRig;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>What is SQLite's own; the rest is in <see cref="Stores.ReadingStoreTests"/>.</summary>
public sealed class SqliteReadingStoreTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteFile _file = null!;
    private SqliteReadingStore _store = null!;

    public Task InitializeAsync()
    {
        Open();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_transaction_that_fails_half_way_leaves_neither_rows_nor_watermark()
    {
        Execute("CREATE TRIGGER trouble BEFORE INSERT ON readings WHEN NEW.value = 4000 BEGIN SELECT RAISE(ABORT, 'trouble'); END");
        await Assert.ThrowsAsync<SqliteException>(() => StoreAsync(Chunk(1, 2), Chunk(3, 5)));
        Assert.Equal(0, Rows());
        Assert.Equal(0UL, await _store.ReadDurableThroughAsync(Source, CancellationToken.None));

        Execute("DROP TRIGGER trouble");
        // The series was forgotten with the transaction; it is made again, not remembered as there.
        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Stored], await StoreAsync(Chunk(1, 2), Chunk(3, 5)));
        Assert.Equal(5, Rows());
    }

    [Fact]
    public async Task A_database_that_another_process_holds_is_unavailable_and_works_again_afterwards()
    {
        Execute("PRAGMA user_version");
        using (SqliteConnection other = _file.OpenForWriting())
        {
            using SqliteCommand command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
            await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreAsync(Chunk(1, 1)));
        }
        await _store.ProbeAsync(CancellationToken.None);
        Assert.Equal([StoreOutcome.Stored], await StoreAsync(Chunk(1, 1)));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_left_alone()
    {
        long version = Scalar("PRAGMA user_version");
        Execute("PRAGMA user_version = 99");
        await _store.DisposeAsync();
        Assert.Throws<InvalidDataException>(Open);
        Execute($"PRAGMA user_version = {version}");
        Open();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_asked_for_is_found_by_key_without_a_scan_or_a_sort(bool descending)
    {
        string order = descending ? "DESC" : "ASC";
        string plan = Plan(
            $"SELECT time_ns, value FROM readings WHERE series_id = 1 AND time_ns >= 5 AND (time_ns, source_id, sequence, ordinal) > (6, 1, 1, 1) ORDER BY time_ns {order}, source_id {order}, sequence {order}, ordinal {order} LIMIT 10");
        Assert.Contains("SEARCH", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_in_use_is_not_older_than_the_bundled_one()
    {
        Assert.True(Version.Parse(SqliteLibrary.Use()) >= new Version(3, 35, 5));
    }

    private void Open()
    {
        _file = new SqliteFile(_folder.Path);
        _store = SqliteReadingStore.Open(_file, TimeProvider.System);
    }

    private async Task<StoreOutcome[]> StoreAsync(params SourceChunk[] chunks)
    {
        IReadOnlyList<StoreResult> results = await _store.StoreAsync(chunks, CancellationToken.None);
        return [.. results.Select(result => result.Outcome)];
    }

    private long Rows() => Scalar("SELECT count(*) FROM readings");

    private long Scalar(string sql)
    {
        using SqliteConnection connection = _file.OpenForReading();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private string Plan(string sql)
    {
        using SqliteConnection connection = _file.OpenForReading();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        using SqliteDataReader row = command.ExecuteReader();
        var plan = new List<string>();
        while (row.Read())
        {
            plan.Add(row.GetString(3));
        }
        return string.Join('\n', plan);
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = _file.OpenForWriting();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
