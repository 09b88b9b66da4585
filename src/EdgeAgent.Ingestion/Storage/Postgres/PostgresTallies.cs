using System.Runtime.InteropServices;
using EdgeAgent.Protocol.V1;
using Npgsql;

namespace EdgeAgent.Ingestion.Storage.Postgres;

/// <summary>What one chunk adds to its series: counts and last readings, so that nobody has to look for them among the readings.</summary>
internal sealed class PostgresTallies
{
    private readonly Dictionary<long, SeriesTally> _bySeries = [];

    public void Add(long series, SourceChunk chunk, in ColumnRun run)
    {
        ref SeriesTally tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySeries, series, out bool exists);
        if (!exists)
        {
            tally = SeriesTally.Empty;
        }
        tally.Add(chunk, run);
    }

    /// <summary>Writes what was added, all series in one statement.</summary>
    public async Task<LatestReading[]> WriteAsync(NpgsqlConnection connection, SourceChunk chunk)
    {
        if (_bySeries.Count == 0)
        {
            return [];
        }
        (long Series, SeriesTally Tally, ReadingValue Value, Quality Quality)[] rows = [.. _bySeries.OrderBy(pair => pair.Key).Select(pair => (
            pair.Key, pair.Value, ReadingValue.Of(chunk.Readings, pair.Value.LastRun, pair.Value.LastRow),
            chunk.Readings.Qualities(pair.Value.LastRun)[pair.Value.LastRow]))];
        // What comes late tells nothing about now.
        bool isNews = chunk.Source.Lane != Lane.Backlog;
        Dictionary<long, (string Name, string Unit, SeriesKind Kind, Aggregate? Aggregate)> described = (await connection
            .Statement(
                """
                UPDATE series SET
                    readings = readings + added,
                    heard_ns = greatest(heard_ns, heard),
                    last_time_ns = CASE WHEN is_last THEN time ELSE last_time_ns END,
                    last_kind = CASE WHEN is_last THEN of_kind ELSE last_kind END,
                    last_number = CASE WHEN is_last THEN number ELSE last_number END,
                    last_text = CASE WHEN is_last THEN text ELSE last_text END,
                    last_quality = CASE WHEN is_last THEN quality ELSE last_quality END,
                    last_rank_ns = CASE WHEN is_last THEN rank ELSE last_rank_ns END
                FROM
                    (SELECT tallied.*, last_rank_ns IS NULL OR last_rank_ns <= rank AS is_last
                    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::float8[], $8::text[], $9::bigint[])
                        AS tallied (of_series, added, heard, rank, time, of_kind, number, text, quality)
                    JOIN series AS known ON known.id = of_series) AS told
                WHERE series.id = of_series
                RETURNING series.id, series.name, unit, kind, aggregate_function, aggregate_of, window_seconds
                """)
            .With(rows.Select(row => row.Series).ToArray())
            .With(rows.Select(row => (long)row.Tally.Readings).ToArray())
            .With(rows.Select(row => row.Tally.HasValue && isNews ? chunk.ReceivedUnixNanoseconds : 0).ToArray())
            .With(rows.Select(row => row.Tally.LastRank).ToArray())
            .With(rows.Select(row => row.Tally.LastTime).ToArray())
            .With(rows.Select(row => (long)row.Value.Kind).ToArray())
            .With(rows.Select(row => row.Value.Kind is SeriesKind.Number or SeriesKind.Boolean ? row.Value.Number : (double?)null).ToArray())
            .With(rows.Select(row => row.Value.Text is { } text ? PostgresText.Of(text) : null).ToArray())
            .With(rows.Select(row => (long)row.Quality).ToArray())
            .ReadAsync(static row => (
                Id: row.GetInt64(0), Name: row.GetString(1), Unit: row.GetString(2), Kind: (SeriesKind)row.GetInt64(3), Aggregate: AggregateOf(row))))
            .ToDictionary(row => row.Id, row => (row.Name, row.Unit, row.Kind, row.Aggregate));
        return [.. rows.Select(row => new LatestReading(
            row.Series, chunk.Source.Device, described[row.Series].Name, described[row.Series].Unit, described[row.Series].Kind, described[row.Series].Aggregate,
            row.Tally.LastTime, row.Value, row.Quality))];
    }

    private static Aggregate? AggregateOf(NpgsqlDataReader row) => row.IsDBNull(5)
        ? null
        : new Aggregate { Function = (AggregateFunction)row.GetInt64(4), Of = row.GetString(5), WindowSeconds = (uint)row.GetInt64(6) };
}
