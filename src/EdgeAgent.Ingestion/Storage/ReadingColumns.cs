using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>A run of readings of one series, or of entries of one series of aggregates, out of one record: rows Start to Start + Count - 1 of the columns.</summary>
/// <remarks>
/// Dictionary: With Series, what names the series within its source.
/// Ordinal: The place of the run's first reading in its record, counted over all its series.
/// </remarks>
internal readonly record struct ColumnRun(
    ulong Dictionary, uint Series, SeriesKind Kind, ulong Sequence, int Ordinal, int Start, int Count);

/// <summary>A series that was named, under the dictionary that it was named in.</summary>
internal readonly record struct NamedSeries(ulong Dictionary, SeriesDefinition Definition);

/// <summary>
/// Decoded readings that wait to be stored, in columns, so that a reading costs 17 bytes and no object. Reused: the arrays
/// are pooled and keep their size.
/// </summary>
internal sealed class ReadingColumns : IBatchSink, IDisposable
{
    private readonly List<ColumnRun> _runs = [];
    private readonly List<NamedSeries> _definitions = [];
    private readonly HashSet<(ulong Dictionary, uint Reference)> _named = [];
    private long[] _times = [];
    private double[] _numbers = [];
    private Quality[] _qualities = [];
    // Only where there are texts at all.
    private string?[] _texts = [];
    private ulong _sequence;
    private int _ordinal;
    private bool _areAggregates;

    /// <summary>Rows, of readings and of aggregates.</summary>
    public int Count { get; private set; }

    /// <summary>How many of the rows are no readings.</summary>
    public int Aggregates { get; private set; }

    public int Readings => Count - Aggregates;

    public ReadOnlySpan<ColumnRun> Runs => CollectionsMarshal.AsSpan(_runs);

    public IReadOnlyList<NamedSeries> Definitions => _definitions;

    public ReadOnlySpan<long> Times(in ColumnRun run) => _times.AsSpan(run.Start, run.Count);

    /// <summary>Values of numbers; 0 or 1 of booleans.</summary>
    public ReadOnlySpan<double> Numbers(in ColumnRun run) => _numbers.AsSpan(run.Start, run.Count);

    public ReadOnlySpan<string?> Texts(in ColumnRun run) => _texts.AsSpan(run.Start, run.Count);

    /// <summary>From <see cref="Quality.NoResponse"/> on there is no value in the row.</summary>
    public ReadOnlySpan<Quality> Qualities(in ColumnRun run) => _qualities.AsSpan(run.Start, run.Count);

    /// <summary>What is decoded from now on belongs to this record.</summary>
    public void BeginRecord(ulong sequence)
    {
        _sequence = sequence;
        _ordinal = 0;
        _areAggregates = false;
    }

    /// <summary>Whether the series is named among <see cref="Definitions"/>.</summary>
    public bool Names(ulong dictionary, uint series) => _named.Contains((dictionary, series));

    public void Define(ulong dictionary, SeriesDefinition definition)
    {
        _definitions.Add(new NamedSeries(dictionary, definition));
        _named.Add((dictionary, definition.Ref));
    }

    public void BeginAggregates() => _areAggregates = true;

    public void Numbers(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<double> values, ReadOnlySpan<Quality> qualities)
    {
        int start = Append(dictionary, series, SeriesKind.Number, unixNanoseconds, qualities);
        values.CopyTo(_numbers.AsSpan(start));
    }

    public void Booleans(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<bool> values, ReadOnlySpan<Quality> qualities)
    {
        int start = Append(dictionary, series, SeriesKind.Boolean, unixNanoseconds, qualities);
        for (int i = 0; i < values.Length; i++)
        {
            _numbers[start + i] = values[i] ? 1 : 0;
        }
    }

    public void Texts(
        ulong dictionary, uint series, ReadOnlySpan<long> unixNanoseconds, ReadOnlySpan<string> values, ReadOnlySpan<Quality> qualities)
    {
        int start = Append(dictionary, series, SeriesKind.Text, unixNanoseconds, qualities);
        if (_texts.Length < _times.Length)
        {
            Grow(ref _texts, start, _times.Length);
        }
        values.CopyTo(_texts.AsSpan(start)!);
    }

    public void Clear()
    {
        // Texts are the only references; the rest may lie there until it is overwritten.
        Array.Clear(_texts, 0, Math.Min(Count, _texts.Length));
        _runs.Clear();
        _definitions.Clear();
        _named.Clear();
        Count = 0;
        Aggregates = 0;
    }

    public void Dispose()
    {
        Clear();
        Return(ref _times);
        Return(ref _numbers);
        Return(ref _qualities);
        Return(ref _texts);
    }

    private int Append(ulong dictionary, uint series, SeriesKind kind, ReadOnlySpan<long> times, ReadOnlySpan<Quality> qualities)
    {
        int start = Count;
        int needed = start + times.Length;
        if (needed > _times.Length)
        {
            Grow(ref _times, start, needed);
            Grow(ref _numbers, start, _times.Length);
            Grow(ref _qualities, start, _times.Length);
        }
        times.CopyTo(_times.AsSpan(start));
        if (qualities.IsEmpty)
        {
            _qualities.AsSpan(start, times.Length).Clear();
        }
        else
        {
            qualities.CopyTo(_qualities.AsSpan(start));
        }
        _runs.Add(new ColumnRun(dictionary, series, kind, _sequence, _ordinal, start, times.Length));
        _ordinal += times.Length;
        Aggregates += _areAggregates ? times.Length : 0;
        Count = needed;
        return start;
    }

    private static void Grow<T>(ref T[] column, int used, int needed)
    {
        T[] larger = ArrayPool<T>.Shared.Rent(Math.Max(needed, 256));
        // A smaller column than used: texts begin late.
        column.AsSpan(0, Math.Min(used, column.Length)).CopyTo(larger);
        Return(ref column);
        column = larger;
    }

    private static void Return<T>(ref T[] column)
    {
        if (column.Length > 0)
        {
            ArrayPool<T>.Shared.Return(column, clearArray: RuntimeHelpers.IsReferenceOrContainsReferences<T>());
        }
        column = [];
    }
}
