using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Sqlite;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>Databases that earlier versions of the service made.</summary>
public sealed class SchemaUpgradeTests
{
    /// <summary>As the first version made it, with a device that has uploaded three records of which one was lost.</summary>
    private const string Version1 =
        """
        CREATE TABLE devices (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first_seen_ns INTEGER NOT NULL, last_seen_ns INTEGER NOT NULL,
            agent_version TEXT NOT NULL);
        CREATE TABLE sources (id INTEGER PRIMARY KEY, device_id INTEGER NOT NULL REFERENCES devices (id), spool_id BLOB NOT NULL,
            lane INTEGER NOT NULL, durable_through INTEGER NOT NULL, records INTEGER NOT NULL DEFAULT 0, records_skipped INTEGER NOT NULL DEFAULT 0,
            readings INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, UNIQUE (device_id, spool_id, lane));
        CREATE TABLE series (id INTEGER PRIMARY KEY, device_id INTEGER NOT NULL REFERENCES devices (id), name TEXT NOT NULL, unit TEXT NOT NULL,
            labels TEXT NOT NULL, kind INTEGER NOT NULL, readings INTEGER NOT NULL DEFAULT 0, last_rank_ns INTEGER, last_time_ns INTEGER,
            last_value, last_quality INTEGER, UNIQUE (device_id, name));
        CREATE TABLE dictionaries (source_id INTEGER NOT NULL REFERENCES sources (id), dictionary INTEGER NOT NULL, ref INTEGER NOT NULL,
            series_id INTEGER NOT NULL REFERENCES series (id), PRIMARY KEY (source_id, dictionary, ref)) WITHOUT ROWID;
        CREATE TABLE readings (series_id INTEGER NOT NULL, time_ns INTEGER NOT NULL, source_id INTEGER NOT NULL, sequence INTEGER NOT NULL,
            ordinal INTEGER NOT NULL, value, quality INTEGER NOT NULL, PRIMARY KEY (series_id, time_ns, source_id, sequence, ordinal)) WITHOUT ROWID;
        CREATE TABLE gaps (id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES sources (id), from_sequence INTEGER NOT NULL,
            to_sequence INTEGER NOT NULL, reported_from INTEGER NOT NULL, readings INTEGER NOT NULL, cause INTEGER NOT NULL, received_ns INTEGER NOT NULL);
        CREATE INDEX gaps_by_source ON gaps (source_id, from_sequence);
        CREATE TABLE probe (id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL);
        INSERT INTO devices VALUES (1, 'plant-1', 1, 2, 'old');
        INSERT INTO sources VALUES (1, 1, x'0102030405060708090a0b0c0d0e0f10', 2, 3, 2, 0, 2, 100);
        INSERT INTO series VALUES (7, 1, 'office/temperature', 'Cel', '{"room":"2.17"}', 1, 2, 30, 30, 3000.0, 0);
        INSERT INTO dictionaries VALUES (1, 1, 1, 7);
        INSERT INTO readings VALUES (7, 10, 1, 1, 0, 1000.0, 0), (7, 30, 1, 3, 0, 3000.0, 0);
        INSERT INTO gaps VALUES (1, 1, 2, 2, 2, 5, 1, 2);
        PRAGMA user_version = 1;
        """;

    [Theory]
    [InlineData("ON")]
    [InlineData("OFF")]
    public async Task A_database_of_the_first_version_keeps_everything_and_takes_aggregates_from_then_on(string foreignKeys)
    {
        using var folder = new TemporaryFolder();
        var file = new SqliteFile(folder.Path);
        using (SqliteConnection connection = file.OpenForWriting())
        {
            Execute(connection, $"PRAGMA foreign_keys = {foreignKeys}; {Version1}");
            SqliteSchema.Upgrade(connection);
            Execute(connection, "PRAGMA foreign_key_check");
            // As it was before: the upgrade is no reason for another rule.
            Assert.Equal(foreignKeys == "ON" ? 1L : 0L, Execute(connection, "PRAGMA foreign_keys"));
        }
        await using SqliteReadingStore store = SqliteReadingStore.Open(file, TimeProvider.System);
        var queries = new SqlReadingQueries(file);

        StoredSeries old = queries.FindSeries("plant-1", "office/temperature")!;
        Assert.Equal((7L, 2L, 30L, ReadingValue.Of(3000.0)), (old.Id, old.Readings, old.LastUnixNanoseconds!.Value, old.LastValue));
        Assert.Null(old.Aggregate);
        Assert.Equal((0L, 0L), (old.ExpectedIntervalNanoseconds, old.HeardUnixNanoseconds));
        Assert.Equal(5ul, queries.Gaps(null, 10).Single().Readings);
        Assert.Equal((2L, 0L), (queries.Summary().Readings, queries.Summary().Aggregates));

        using var chunk = new SourceChunk(new SourceKey("plant-1", new Guid(Uploads.Spool, bigEndian: true), Lane.Live), "new");
        chunk.Begin(3);
        chunk.ReceivedUnixNanoseconds = 50;
        chunk.Readings.Define(4, new SeriesDefinition { Ref = 1, Name = "office/temperature", Kind = SeriesKind.Number, ExpectedIntervalMilliseconds = 7 });
        chunk.Readings.Define(4 | (1ul << 56), new SeriesDefinition
        {
            Ref = 1,
            Name = "office/temperature:min:1m",
            Kind = SeriesKind.Number,
            Aggregate = new Aggregate { Function = AggregateFunction.Minimum, WindowSeconds = 60, Of = "office/temperature" },
        });
        chunk.Readings.BeginRecord(4);
        // Named in the database of the first version.
        chunk.Readings.Numbers(1, 1, [40], [4000.0], []);
        chunk.Readings.BeginAggregates();
        chunk.Readings.Numbers(4 | (1ul << 56), 1, [0], [1000.0], []);
        chunk.Through = 4;
        Assert.Equal(StoreOutcome.Stored, (await store.StoreAsync([chunk], CancellationToken.None)).Single().Outcome);
        Assert.Equal((3L, 1L, 1L), (queries.Summary().Readings, queries.Summary().Aggregates, queries.Summary().Series));
        Assert.Equal(3L, queries.FindSeries("plant-1", "office/temperature")!.Readings);
        StoredSeries watched = queries.FindSeries("plant-1", "office/temperature")!;
        Assert.Equal((7L, 7_000_000L, 50L), (watched.Id, watched.ExpectedIntervalNanoseconds, watched.HeardUnixNanoseconds));
        Assert.Equal("office/temperature", queries.FindSeries("plant-1", "office/temperature:min:1m")!.Aggregate!.Of);
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
