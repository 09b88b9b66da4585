using System.Runtime.InteropServices;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Ingestion.Storage.Sqlite;

/// <summary>
/// Series and the dictionaries that name them. A series is (device, name, whether it holds readings or which aggregate). Another unit, labels or kind changes its row from then on; readings carry their own kind, so that a change of kind
/// loses and converts nothing.
/// </summary>
internal sealed class SqliteSeries(SqliteConnection connection) : IDisposable
{
    // 100,000 references: 10 MB. Beyond, everything is forgotten and read again, one query a series.
    private const int Remembered = 100_000;

    private readonly PreparedStatement _find = new(
        connection, "SELECT series_id FROM dictionaries WHERE source_id = ?1 AND dictionary = ?2 AND ref = ?3");

    private readonly PreparedStatement _describe = new(
        connection,
        """
        INSERT INTO series (device_id, name, unit, labels, kind, aggregate_function, aggregate_of, window_seconds, expected_ms, heard_ns)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (device_id, name, aggregate_function) DO UPDATE SET unit = excluded.unit, labels = excluded.labels, kind = excluded.kind,
            expected_ms = excluded.expected_ms, heard_ns = CASE heard_ns WHEN 0 THEN excluded.heard_ns ELSE heard_ns END
        """);

    private readonly PreparedStatement _id = new(
        connection, "SELECT id FROM series WHERE device_id = ?1 AND name = ?2 AND aggregate_function = ?3");

    private readonly PreparedStatement _name = new(
        connection,
        """
        INSERT INTO dictionaries (source_id, dictionary, ref, series_id) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (source_id, dictionary, ref) DO UPDATE SET series_id = excluded.series_id
        """);

    private readonly PreparedStatement _prune = new(
        connection,
        """
        DELETE FROM dictionaries WHERE source_id = ?1 AND dictionary & ?3 <
            (SELECT min(dictionary & ?3) FROM
                (SELECT DISTINCT dictionary FROM dictionaries WHERE source_id = ?1 ORDER BY dictionary & ?3 DESC LIMIT ?2))
        """);

    private readonly PreparedStatement _count = new(connection, "UPDATE series SET readings = readings + ?2, heard_ns = max(heard_ns, ?3) WHERE id = ?1");

    private readonly PreparedStatement _last = new(
        connection,
        """
        UPDATE series SET last_rank_ns = ?2, last_time_ns = ?3, last_value = ?4, last_quality = ?5
        WHERE id = ?1 AND (last_rank_ns IS NULL OR last_rank_ns <= ?2)
        """);

    private readonly PreparedStatement _described = new(connection, "SELECT name, unit, kind, aggregate_function, aggregate_of, window_seconds FROM series WHERE id = ?1");

    private readonly Dictionary<(long Source, ulong Dictionary, uint Reference), long> _known = [];
    private readonly Dictionary<long, SeriesTally> _tallies = [];
    private (long Source, ulong Dictionary) _pruned;

    /// <summary>Whether the reference was defined by an earlier chunk.</summary>
    public bool IsDefined(long source, ulong dictionary, uint reference) => TryFind(source, dictionary, reference, out _);

    /// <param name="device">Whose series it is.</param>
    /// <param name="source">Whose dictionary names it.</param>
    /// <param name="named">What it is.</param>
    /// <param name="receivedUnixNanoseconds">From when on it is listened for, where it is new.</param>
    public void Define(long device, long source, in NamedSeries named, long receivedUnixNanoseconds)
    {
        SeriesDefinition definition = named.Definition;
        long function = (long)(definition.Aggregate?.Function ?? AggregateFunction.Unspecified);
        _describe.Bind(1, device).Bind(2, definition.Name).Bind(3, definition.Unit)
            .Bind(4, SeriesLabels.Json(definition)).Bind(5, (long)definition.Kind).Bind(6, function).BindNull(7).BindNull(8)
            .Bind(9, definition.ExpectedIntervalMilliseconds).Bind(10, receivedUnixNanoseconds);
        if (definition.Aggregate is { } aggregate)
        {
            _describe.Bind(7, aggregate.Of).Bind(8, aggregate.WindowSeconds);
        }
        _describe.Run();
        _id.Bind(1, device).Bind(2, definition.Name).Bind(3, function).TryRow();
        long series = _id.Int64(0);
        _id.Done();
        long dictionary = unchecked((long)named.Dictionary);
        _name.Bind(1, source).Bind(2, dictionary).Bind(3, definition.Ref).Bind(4, series).Run();
        if (_pruned != (source, named.Dictionary))
        {
            _pruned = (source, named.Dictionary);
            // By when they were opened: those of thinned readings have large numbers, and older records.
            _prune.Bind(1, source).Bind(2, IReadingStore.KeptDictionaries).Bind(3, (long)DictionaryId.SequenceMask).Run();
        }
        Remember((source, named.Dictionary, definition.Ref), series);
    }

    public long Resolve(long source, ulong dictionary, uint reference) => TryFind(source, dictionary, reference, out long series)
        ? series
        : throw new InvalidOperationException($"Series {reference} of dictionary {dictionary} vanished within a transaction.");

    /// <summary>Counts a run towards its series, once a chunk and series in the database.</summary>
    public void Tally(long series, SourceChunk chunk, in ColumnRun run)
    {
        ref SeriesTally tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_tallies, series, out bool exists);
        if (!exists)
        {
            tally = SeriesTally.Empty;
        }
        tally.Add(chunk, run);
    }

    /// <summary>Writes what was tallied since the last call.</summary>
    public LatestReading[] TakeLatest(SourceChunk chunk)
    {
        var latest = new LatestReading[_tallies.Count];
        int next = 0;
        foreach ((long series, SeriesTally tally) in _tallies)
        {
            // What comes late tells nothing about now.
            bool isHeard = tally.HasValue && chunk.Source.Lane != Lane.Backlog;
            _count.Bind(1, series).Bind(2, tally.Readings).Bind(3, isHeard ? chunk.ReceivedUnixNanoseconds : 0).Run();
            Quality quality = chunk.Readings.Qualities(tally.LastRun)[tally.LastRow];
            _last.Bind(1, series).Bind(2, tally.LastRank).Bind(3, tally.LastTime).Bind(5, (long)quality);
            SqliteValue.Bind(_last, 4, chunk.Readings, tally.LastRun, tally.LastRow, quality);
            _last.Run();

            _described.Bind(1, series).TryRow();
            latest[next++] = new LatestReading(
                series, chunk.Source.Device, _described.Text(0), _described.Text(1), (SeriesKind)_described.Int64(2), AggregateOf(_described),
                tally.LastTime, ReadingValue.Of(chunk.Readings, tally.LastRun, tally.LastRow), quality);
            _described.Done();
        }
        _tallies.Clear();
        return latest;
    }

    public void Forget()
    {
        _known.Clear();
        _tallies.Clear();
    }

    public void Dispose()
    {
        foreach (PreparedStatement statement in (PreparedStatement[])[_find, _describe, _id, _name, _prune, _count, _last, _described])
        {
            statement.Dispose();
        }
    }

    private static Aggregate? AggregateOf(PreparedStatement described)
    {
        var function = (AggregateFunction)described.Int64(3);
        return function == AggregateFunction.Unspecified
            ? null
            : new Aggregate { Function = function, Of = described.Text(4), WindowSeconds = (uint)described.Int64(5) };
    }

    private bool TryFind(long source, ulong dictionary, uint reference, out long series)
    {
        if (_known.TryGetValue((source, dictionary, reference), out series))
        {
            return true;
        }
        if (!_find.Bind(1, source).Bind(2, unchecked((long)dictionary)).Bind(3, reference).TryRow())
        {
            return false;
        }
        series = _find.Int64(0);
        _find.Done();
        Remember((source, dictionary, reference), series);
        return true;
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
