using System.Data.Common;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>
/// Reads on pooled connections of their own. A range is read in blocks, so that no statement stays open while a slow reader
/// takes its time: that would keep what was overwritten meanwhile from being cleared away.
/// </summary>
internal sealed class SqlReadingQueries(ISqlDialect dialect) : IReadingQueries
{
    private readonly string _seriesColumns =
        $"""
        SELECT series.id, devices.name, series.name, unit, labels, kind, readings, last_time_ns, last_quality,
            aggregate_function, aggregate_of, window_seconds, expected_ms, heard_ns, last_seen_ns, {dialect.ValueColumns("last_")}
        FROM series JOIN devices ON devices.id = device_id
        """;

    private const long NanosecondsPerMillisecond = 1_000_000;

    private const string SeriesOrder = "ORDER BY devices.name, series.name, aggregate_function";

    public IReadOnlyList<StoredDevice> Devices()
    {
        var spools = new Dictionary<string, List<StoredSpool>>(StringComparer.Ordinal);
        foreach ((string device, StoredSpool spool) in Query(
            """
            SELECT name, spool_id, lane, durable_through, records, records_skipped, readings, aggregates, bytes,
                waiting_bytes, waiting_oldest_ms, waiting_last_sequence, waiting_drained_ms, waiting_told_ns
            FROM sources JOIN devices ON devices.id = device_id ORDER BY sources.id
            """,
            row => (row.GetString(0), new StoredSpool(
                SpoolText(row, 1), (Lane)row.GetInt64(2), (ulong)row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
                row.GetInt64(7), row.GetInt64(8), new WaitingReport(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12)),
                row.GetInt64(13)))))
        {
            if (!spools.TryGetValue(device, out List<StoredSpool>? own))
            {
                spools[device] = own = [];
            }
            own.Add(spool);
        }
        return Query(
            "SELECT name, first_seen_ns, last_seen_ns, agent_version FROM devices ORDER BY name",
            row => new StoredDevice(
                row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), spools.GetValueOrDefault(row.GetString(0)) ?? []));
    }

    public IReadOnlyList<StoredSeries> Series(string? device) => device is null
        ? Query($"{_seriesColumns} {SeriesOrder}", ReadSeries)
        : Query($"{_seriesColumns} WHERE devices.name = @p0 {SeriesOrder}", ReadSeries, device);

    public IReadOnlyList<StoredSeries> Unheard(long sinceUnixNanoseconds) =>
        Query($"{_seriesColumns} WHERE expected_ms > 0 AND heard_ns < @p0 {SeriesOrder}", ReadSeries, sinceUnixNanoseconds);

    public StoredSeries? FindSeries(long id) => Query($"{_seriesColumns} WHERE series.id = @p0", ReadSeries, id).FirstOrDefault();

    public StoredSeries? FindSeries(string device, string name) =>
        Query($"{_seriesColumns} WHERE devices.name = @p0 AND series.name = @p1 {SeriesOrder}", ReadSeries, device, name).FirstOrDefault();

    public int ReadBlock(ReadingRange range, StoredReading? after, Span<StoredReading> block)
    {
        (string beyond, string order) = range.Descending ? ("<", "DESC") : (">", "ASC");
        const string Key = "time_ns, source_id, sequence, ordinal";
        using DbConnection connection = dialect.OpenForReading();
        using DbCommand command = connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT time_ns, CAST(source_id AS BIGINT), sequence, CAST(ordinal AS BIGINT), CAST(quality AS BIGINT),
                (SELECT count(*) FROM provisional WHERE provisional.source_id = readings.source_id AND provisional.sequence = readings.sequence),
                (SELECT lane FROM sources WHERE sources.id = readings.source_id), {dialect.ValueColumns("")}
            FROM readings
            WHERE series_id = @series AND time_ns >= @from {(range.To is null ? "" : "AND time_ns < @to")}
            {(after is null ? "" : $"AND ({Key}) {beyond} (@time, @source, @sequence, @ordinal)")}
            ORDER BY {Key.Replace(",", $" {order},", StringComparison.Ordinal)} {order} LIMIT @limit
            """;
        Add(command, "series", range.Series);
        // Where the block begins is the bound of the range too: the database then seeks instead of filtering.
        Add(command, "from", after is { } from && !range.Descending ? from.UnixNanoseconds : range.From);
        Add(command, "limit", block.Length);
        if (range.To is { } to)
        {
            Add(command, "to", to);
        }
        if (after is { } last)
        {
            Add(command, "time", last.UnixNanoseconds);
            Add(command, "source", last.Source);
            Add(command, "sequence", last.Sequence);
            Add(command, "ordinal", last.Ordinal);
        }
        using DbDataReader row = command.ExecuteReader();
        int count = 0;
        while (row.Read())
        {
            var quality = (Quality)row.GetInt64(4);
            block[count++] = new StoredReading(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), dialect.ReadValue(row, 7, quality), quality,
                IsProvisional: row.GetInt64(5) != 0, IsLate: (Lane)row.GetInt64(6) == Lane.Backlog);
        }
        return count;
    }

    public IReadOnlyList<StoredGap> Gaps(string? device, int limit) => Query(
        $"""
        SELECT name, spool_id, lane, from_sequence, to_sequence, reported_from, gaps.readings, cause, received_ns
        FROM gaps JOIN sources ON sources.id = source_id JOIN devices ON devices.id = device_id
        {(device is null ? "" : "WHERE name = @p1")}
        ORDER BY gaps.id DESC LIMIT @p0
        """,
        row => new StoredGap(
            row.GetString(0), SpoolText(row, 1), (Lane)row.GetInt64(2), (ulong)row.GetInt64(3), (ulong)row.GetInt64(4),
            (ulong)row.GetInt64(5),
            (ulong)row.GetInt64(6), (LossCause)row.GetInt64(7), row.GetInt64(8)),
        device is null ? [limit] : [limit, device]);

    public IReadOnlyList<StoredLoss> Losses(string? device) => Query(
        $"""
        SELECT name, cause, count(*), CAST(sum(gaps.readings) AS BIGINT), sum(CASE WHEN gaps.readings = 0 THEN 1 ELSE 0 END), min(received_ns), max(received_ns)
        FROM gaps JOIN sources ON sources.id = source_id JOIN devices ON devices.id = device_id
        {(device is null ? "" : "WHERE name = @p0")}
        GROUP BY name, cause ORDER BY name, cause
        """,
        row => new StoredLoss(
            row.GetString(0), (LossCause)row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)),
        device is null ? [] : [device]);

    public StoreSummary Summary() => Query(
        $"""
        SELECT (SELECT count(*) FROM devices), (SELECT count(*) FROM series WHERE aggregate_function = 0),
               {Sum("readings")}, {Sum("aggregates")}, {Sum("records")}, {Sum("records_skipped")}, (SELECT count(*) FROM gaps),
               (SELECT {Sum("readings")} FROM gaps WHERE cause <> {(int)LossCause.Thinned}),
               (SELECT {Sum("readings")} FROM gaps WHERE cause = {(int)LossCause.Thinned}), {Sum("bytes")}, ({dialect.DatabaseBytesSql})
        FROM sources
        """,
        row => new StoreSummary(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
            row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10)))[0];

    private static string Sum(string column) => $"CAST(coalesce(sum({column}), 0) AS BIGINT)";

    private StoredSeries ReadSeries(DbDataReader row)
    {
        bool isEmpty = row.IsDBNull(7);
        Quality quality = isEmpty ? Quality.Good : (Quality)row.GetInt64(8);
        Aggregate? aggregate = row.IsDBNull(10)
            ? null
            : new Aggregate { Function = (AggregateFunction)row.GetInt64(9), Of = row.GetString(10), WindowSeconds = (uint)row.GetInt64(11) };
        return new StoredSeries(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), (SeriesKind)row.GetInt64(5), aggregate,
            row.GetInt64(6),
            isEmpty ? null : row.GetInt64(7), isEmpty ? ReadingValue.None : dialect.ReadValue(row, 15, quality), quality,
            row.GetInt64(12) * NanosecondsPerMillisecond, row.GetInt64(13), row.GetInt64(14));
    }

    private static string SpoolText(DbDataReader row, int column) => Convert.ToHexStringLower(row.GetFieldValue<byte[]>(column));

    private static void Add(DbCommand command, string name, object value)
    {
        DbParameter parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    private List<T> Query<T>(string sql, Func<DbDataReader, T> read, params object[] parameters)
    {
        using DbConnection connection = dialect.OpenForReading();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < parameters.Length; i++)
        {
            Add(command, $"p{i}", parameters[i]);
        }
        using DbDataReader row = command.ExecuteReader();
        var rows = new List<T>();
        while (row.Read())
        {
            rows.Add(read(row));
        }
        return rows;
    }
}
