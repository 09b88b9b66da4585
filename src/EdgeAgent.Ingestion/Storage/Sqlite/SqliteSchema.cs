using Microsoft.Data.Sqlite;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

/// <summary>
/// The tables, and how a database of an older version becomes one of this version. <c>PRAGMA user_version</c> holds the
/// version; each step runs in the transaction that raises it.
/// </summary>
internal static class SqliteSchema
{
    // value has no declared type, so that SQLite keeps each value as it was bound: REAL a number, INTEGER a boolean, TEXT a
    // text, NULL no value (or, where quality is good or uncertain, NaN, which SQLite cannot hold).
    //
    // readings is keyed by what is asked for (series, then time), and made unique by where a reading came from, so that two
    // equal readings at the same time are two. Without rowid the key is the table.
    //
    // series.last_rank_ns is the smaller one of the reading's time and the time it was received: a device whose clock runs
    // ahead must not pin its last value for ever.
    //
    // A series of aggregates says what they are of; for readings aggregate_function is 0. The function is part of the key, because a device may call
    // a series of readings what an aggregate is called. series.readings of aggregates are entries, one a window; sources count them apart.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE devices (
            id            INTEGER PRIMARY KEY,
            name          TEXT NOT NULL UNIQUE,
            first_seen_ns INTEGER NOT NULL,
            last_seen_ns  INTEGER NOT NULL,
            agent_version TEXT NOT NULL
        );
        CREATE TABLE sources (
            id              INTEGER PRIMARY KEY,
            device_id       INTEGER NOT NULL REFERENCES devices (id),
            spool_id        BLOB NOT NULL,
            lane            INTEGER NOT NULL,
            durable_through INTEGER NOT NULL,
            records         INTEGER NOT NULL DEFAULT 0,
            records_skipped INTEGER NOT NULL DEFAULT 0,
            readings        INTEGER NOT NULL DEFAULT 0,
            bytes           INTEGER NOT NULL DEFAULT 0,
            UNIQUE (device_id, spool_id, lane)
        );
        CREATE TABLE series (
            id           INTEGER PRIMARY KEY,
            device_id    INTEGER NOT NULL REFERENCES devices (id),
            name         TEXT NOT NULL,
            unit         TEXT NOT NULL,
            labels       TEXT NOT NULL,
            kind         INTEGER NOT NULL,
            readings     INTEGER NOT NULL DEFAULT 0,
            last_rank_ns INTEGER,
            last_time_ns INTEGER,
            last_value,
            last_quality INTEGER,
            UNIQUE (device_id, name)
        );
        CREATE TABLE dictionaries (
            source_id  INTEGER NOT NULL REFERENCES sources (id),
            dictionary INTEGER NOT NULL,
            ref        INTEGER NOT NULL,
            series_id  INTEGER NOT NULL REFERENCES series (id),
            PRIMARY KEY (source_id, dictionary, ref)
        ) WITHOUT ROWID;
        CREATE TABLE readings (
            series_id INTEGER NOT NULL,
            time_ns   INTEGER NOT NULL,
            source_id INTEGER NOT NULL,
            sequence  INTEGER NOT NULL,
            ordinal   INTEGER NOT NULL,
            value,
            quality   INTEGER NOT NULL,
            PRIMARY KEY (series_id, time_ns, source_id, sequence, ordinal)
        ) WITHOUT ROWID;
        CREATE TABLE gaps (
            id            INTEGER PRIMARY KEY,
            source_id     INTEGER NOT NULL REFERENCES sources (id),
            from_sequence INTEGER NOT NULL,
            to_sequence   INTEGER NOT NULL,
            reported_from INTEGER NOT NULL,
            readings      INTEGER NOT NULL,
            cause         INTEGER NOT NULL,
            received_ns   INTEGER NOT NULL
        );
        CREATE INDEX gaps_by_source ON gaps (source_id, from_sequence);
        CREATE TABLE probe (id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL);
        """,
        // The key of series cannot be changed in place. Its ids stay, and with them what refers to them.
        """
        CREATE TABLE series_2 (
            id                 INTEGER PRIMARY KEY,
            device_id          INTEGER NOT NULL REFERENCES devices (id),
            name               TEXT NOT NULL,
            unit               TEXT NOT NULL,
            labels             TEXT NOT NULL,
            kind               INTEGER NOT NULL,
            aggregate_function INTEGER NOT NULL DEFAULT 0,
            aggregate_of       TEXT,
            window_seconds     INTEGER,
            readings           INTEGER NOT NULL DEFAULT 0,
            last_rank_ns       INTEGER,
            last_time_ns       INTEGER,
            last_value,
            last_quality       INTEGER,
            UNIQUE (device_id, name, aggregate_function)
        );
        INSERT INTO series_2 (id, device_id, name, unit, labels, kind, readings, last_rank_ns, last_time_ns, last_value, last_quality)
            SELECT id, device_id, name, unit, labels, kind, readings, last_rank_ns, last_time_ns, last_value, last_quality FROM series;
        DROP TABLE series;
        ALTER TABLE series_2 RENAME TO series;
        ALTER TABLE sources ADD COLUMN aggregates INTEGER NOT NULL DEFAULT 0;
        """,
        // Records with times that the device's clock made before it was right, and that nobody could correct. Rare, and so beside the readings, not in them.
        """
        CREATE TABLE provisional (
            source_id    INTEGER NOT NULL REFERENCES sources (id),
            sequence     INTEGER NOT NULL,
            boot_id      BLOB,
            boot_time_ns INTEGER NOT NULL,
            base_time_ns INTEGER NOT NULL,
            PRIMARY KEY (source_id, sequence)
        ) WITHOUT ROWID;
        """,
        // What the device said when it opened its last session of this lane.
        """
        ALTER TABLE sources ADD COLUMN waiting_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sources ADD COLUMN waiting_oldest_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sources ADD COLUMN waiting_last_sequence INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sources ADD COLUMN waiting_drained_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sources ADD COLUMN waiting_told_ns INTEGER NOT NULL DEFAULT 0;
        """,
        // How often a reading is to be expected (0: nobody knows), and when a value came last, by the service's clock: what silence is told by.
        """
        ALTER TABLE series ADD COLUMN expected_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE series ADD COLUMN heard_ns INTEGER NOT NULL DEFAULT 0;
        """,
    ];

    /// <exception cref="InvalidDataException">The database is of a newer version of this program.</exception>
    public static void Upgrade(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        long version = Read(command, "PRAGMA user_version");
        if (version > Steps.Length)
        {
            throw new InvalidDataException(
                $"{connection.DataSource} has schema version {version}; this program knows {Steps.Length}. Run the version that made it, or a newer one.");
        }
        // Where it is on, a table that others refer to cannot be replaced; and it cannot be switched within a transaction.
        long foreignKeys = Read(command, "PRAGMA foreign_keys");
        Execute(command, "PRAGMA foreign_keys = OFF");
        for (; version < Steps.Length; version++)
        {
            Execute(command, $"BEGIN IMMEDIATE; {Steps[version]} PRAGMA user_version = {version + 1}; COMMIT;");
        }
        Execute(command, $"PRAGMA foreign_keys = {foreignKeys}");
    }

    private static long Read(SqliteCommand command, string sql)
    {
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteCommand command, string sql)
    {
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
