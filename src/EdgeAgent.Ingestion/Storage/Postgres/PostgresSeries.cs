using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using Npgsql;

namespace EdgeAgent.Ingestion.Storage.Postgres;

/// <summary>
/// Series and the dictionaries that name them, as in the embedded database: a series is (device, name, whether it holds readings or which aggregate); another
/// unit, labels or kind changes its row from then on.
/// </summary>
internal sealed class PostgresSeries
{
    // 100,000 references: 10 MB. Beyond, everything is forgotten and read again, one query a dictionary.
    private const int Remembered = 100_000;

    private readonly Dictionary<(long Source, ulong Dictionary, uint Reference), long> _known = [];

    /// <returns>A run whose series nobody has named; null where there is none.</returns>
    public async Task<ColumnRun?> FindUnknownAsync(NpgsqlConnection connection, ReadingColumns readings, long? source)
    {
        for (int i = 0; i < readings.Runs.Length; i++)
        {
            ColumnRun run = readings.Runs[i];
            bool isKnown = readings.Names(run.Dictionary, run.Series)
                || (source is { } id && (_known.ContainsKey((id, run.Dictionary, run.Series)) || await RecallAsync(connection, id, run.Dictionary, run.Series)));
            if (!isKnown)
            {
                return run;
            }
        }
        return null;
    }

    /// <summary>Names what the chunk names.</summary>
    public async Task DefineAsync(NpgsqlConnection connection, long device, long source, SourceChunk chunk)
    {
        if (chunk.Readings.Definitions.Count == 0)
        {
            return;
        }
        // One statement may change a row once: the last word on each series counts.
        SeriesDefinition[] distinct = [.. chunk.Readings.Definitions
            .Select(named => named.Definition).GroupBy(KeyOf).Select(same => same.Last()).OrderBy(KeyOf)];
        Dictionary<(string, long), long> ids = (await connection
            .Statement(
                """
                INSERT INTO series (device_id, name, unit, labels, kind, aggregate_function, aggregate_of, window_seconds, expected_ms, heard_ns)
                    SELECT $1, * , $10::bigint FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[], $9::bigint[])
                ON CONFLICT (device_id, name, aggregate_function) DO UPDATE SET unit = excluded.unit, labels = excluded.labels, kind = excluded.kind,
                    expected_ms = excluded.expected_ms, heard_ns = CASE series.heard_ns WHEN 0 THEN excluded.heard_ns ELSE series.heard_ns END
                RETURNING id, name, aggregate_function
                """)
            .With(device)
            .With(distinct.Select(definition => PostgresText.Of(definition.Name)).ToArray())
            .With(distinct.Select(definition => PostgresText.Of(definition.Unit)).ToArray())
            .With(distinct.Select(SeriesLabels.Json).ToArray())
            .With(distinct.Select(definition => (long)definition.Kind).ToArray())
            .With(distinct.Select(definition => (long)Function(definition)).ToArray())
            .With(distinct.Select(definition => definition.Aggregate is { } aggregate ? PostgresText.Of(aggregate.Of) : null).ToArray())
            .With(distinct.Select(definition => (long?)definition.Aggregate?.WindowSeconds).ToArray())
            .With(distinct.Select(definition => (long)definition.ExpectedIntervalMilliseconds).ToArray())
            .With(chunk.ReceivedUnixNanoseconds)
            .ReadAsync(static row => (Id: row.GetInt64(0), Name: row.GetString(1), Function: row.GetInt64(2))))
            .ToDictionary(row => (row.Name, row.Function), row => row.Id);

        (ulong Dictionary, uint Reference, long Series)[] names = [.. chunk.Readings.Definitions
            .Select(named => (named.Dictionary, named.Definition.Ref, Series: ids[KeyOf(named.Definition)]))
            .GroupBy(name => (name.Dictionary, name.Ref)).Select(same => same.Last())];
        await connection
            .Statement(
                """
                INSERT INTO dictionaries (source_id, dictionary, ref, series_id) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[])
                ON CONFLICT (source_id, dictionary, ref) DO UPDATE SET series_id = excluded.series_id
                """)
            .With(source)
            .With(names.Select(name => unchecked((long)name.Dictionary)).ToArray())
            .With(names.Select(name => (long)name.Reference).ToArray())
            .With(names.Select(name => name.Series).ToArray())
            .RunAsync();
        // By when they were opened: those of thinned readings have large numbers, and older records.
        await connection
            .Statement(
                """
                DELETE FROM dictionaries WHERE source_id = $1 AND dictionary & $3 <
                    (SELECT min(opened) FROM
                        (SELECT DISTINCT dictionary & $3 AS opened, dictionary FROM dictionaries WHERE source_id = $1 ORDER BY opened DESC LIMIT $2) AS kept)
                """)
            .With(source).With((long)IReadingStore.KeptDictionaries).With((long)DictionaryId.SequenceMask).RunAsync();
        foreach ((ulong dictionary, uint reference, long series) in names)
        {
            Remember((source, dictionary, reference), series);
        }
    }

    public async ValueTask<long> ResolveAsync(NpgsqlConnection connection, long source, ulong dictionary, uint reference)
    {
        if (_known.TryGetValue((source, dictionary, reference), out long series)
            || (await RecallAsync(connection, source, dictionary, reference) && _known.TryGetValue((source, dictionary, reference), out series)))
        {
            return series;
        }
        throw new InvalidOperationException($"Series {reference} of dictionary {dictionary} vanished within a transaction.");
    }

    /// <summary>After a transaction that came to nothing: what was remembered since it began may name rows that are no more.</summary>
    public void Forget() => _known.Clear();

    private static AggregateFunction Function(SeriesDefinition definition) => definition.Aggregate?.Function ?? AggregateFunction.Unspecified;

    private static (string, long) KeyOf(SeriesDefinition definition) => (PostgresText.Of(definition.Name), (long)Function(definition));

    /// <summary>Reads one dictionary, since who needs one of its series needs the others.</summary>
    private async Task<bool> RecallAsync(NpgsqlConnection connection, long source, ulong dictionary, uint reference)
    {
        foreach ((long found, long series) in await connection
            .Statement("SELECT ref, series_id FROM dictionaries WHERE source_id = $1 AND dictionary = $2")
            .With(source).With(unchecked((long)dictionary)).ReadAsync(static row => (row.GetInt64(0), row.GetInt64(1))))
        {
            Remember((source, dictionary, (uint)found), series);
        }
        return _known.ContainsKey((source, dictionary, reference));
    }

    private void Remember((long, ulong, uint) key, long series)
    {
        if (_known.Count >= Remembered)
        {
            _known.Clear();
        }
        _known[key] = series;
    }
}
