using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Sqlite;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Ingestion.Tests;

public sealed class SqliteReadingStoreTests : IAsyncLifetime, IDisposable
{
    private static readonly SourceKey Source = new("plant-1", new Guid(Uploads.Spool, bigEndian: true), Lane.Live);

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
    public async Task The_same_chunk_twice_is_stored_once()
    {
        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Superseded], await StoreAsync(Chunk(1, 3), Chunk(1, 3)));
        Assert.Equal([StoreOutcome.Superseded], await StoreAsync(Chunk(1, 3)));
        Assert.Equal(3, Rows());
        Assert.Equal(3UL, await _store.ReadDurableThroughAsync(Source, CancellationToken.None));
    }

    [Fact]
    public async Task Chunks_of_one_source_that_continue_each_other_may_share_a_transaction()
    {
        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Stored], await StoreAsync(Chunk(1, 2), Chunk(3, 5)));
        Assert.Equal(5, Rows());
    }

    [Fact]
    public async Task A_chunk_whose_series_is_unknown_leaves_no_trace_and_does_not_hinder_its_neighbours()
    {
        using SourceChunk unnamed = Chunk(1, 2, define: false, device: "plant-2");
        Assert.Equal(
            [StoreOutcome.Stored, StoreOutcome.SeriesUnknown, StoreOutcome.Stored], await StoreAsync(Chunk(1, 2), unnamed, Chunk(3, 3)));
        Assert.Equal(["plant-1"], new SqliteReadingQueries(_file).Devices().Select(device => device.Name));
    }

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
    public async Task A_reopened_database_continues_where_it_was_and_knows_its_dictionaries()
    {
        await StoreAsync(Chunk(1, 2));
        await _store.DisposeAsync();
        Open();
        Assert.Equal(2UL, await _store.ReadDurableThroughAsync(Source, CancellationToken.None));
        Assert.Equal([StoreOutcome.Stored], await StoreAsync(Chunk(3, 4, define: false)));
        Assert.Equal(4, Rows());
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

    [Fact]
    public async Task Old_dictionaries_are_dropped_so_that_they_do_not_pile_up()
    {
        for (ulong sequence = 1; sequence <= 20; sequence++)
        {
            await StoreAsync(Chunk(sequence, sequence, dictionary: sequence));
        }
        Assert.Equal(4, Scalar("SELECT count(DISTINCT dictionary) FROM dictionaries"));
    }

    [Fact]
    public async Task A_reading_from_the_future_does_not_stay_the_last_one_for_ever()
    {
        using SourceChunk future = Chunk(1, 1, time: _ => long.MaxValue);
        await StoreAsync(future);
        using SourceChunk present = Chunk(
            2, 2, time: _ => future.ReceivedUnixNanoseconds + 1, received: future.ReceivedUnixNanoseconds + 2);
        await StoreAsync(present);
        Assert.Equal(ReadingValue.Of(2000d), new SqliteReadingQueries(_file).Series(null).Single().LastValue);
        // And one from the past, as a backlog brings it, does not become the last one.
        using SourceChunk past = Chunk(3, 3, time: _ => 0, received: future.ReceivedUnixNanoseconds + 3);
        await StoreAsync(past);
        Assert.Equal(ReadingValue.Of(2000d), new SqliteReadingQueries(_file).Series(null).Single().LastValue);
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

    // Records of one reading each, whose value is the sequence × 1000.
    private static SourceChunk Chunk(
        ulong first, ulong last, bool define = true, string device = "plant-1", ulong dictionary = 1, Func<ulong, long>? time = null,
        long received = Uploads.Start)
    {
        var chunk = new SourceChunk(Source with { Device = device }, "test") { ReceivedUnixNanoseconds = received };
        chunk.Begin(first - 1);
        if (define)
        {
            chunk.Readings.Define(dictionary, Uploads.Temperature);
        }
        for (ulong sequence = first; sequence <= last; sequence++)
        {
            chunk.Readings.BeginRecord(sequence);
            chunk.Readings.Numbers(dictionary, 1, [time?.Invoke(sequence) ?? (long)sequence], [sequence * 1000d], []);
            chunk.Through = sequence;
            chunk.RecordsStored++;
        }
        return chunk;
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
