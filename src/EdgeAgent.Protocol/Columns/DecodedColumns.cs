using System.Buffers;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Columns;

/// <summary>
/// The columns of a record while it is validated: pooled arrays, each as long as the record has readings and aggregates, and blocks that say which
/// part of which array is whose. Arrays of kinds that do not occur are never rented.
/// </summary>
internal sealed class DecodedColumns
{
    private const int NoAggregates = -1;

    private readonly List<Block> _blocks = [];
    private int _entries;
    private int _firstAggregate = NoAggregates;
    private Quality[] _qualities = [];

    /// <summary>For columns on their way from a message into one of the arrays below.</summary>
    public long[] Scratch { get; private set; } = [];

    /// <summary>Of all time columns, one after the other.</summary>
    public long[] Times { get; private set; } = [];

    public double[] Numbers { get; private set; } = [];

    public bool[] Booleans { get; private set; } = [];

    public string[] Texts { get; private set; } = [];

    public void Rent(int entries)
    {
        _entries = entries;
        Scratch = ArrayPool<long>.Shared.Rent(entries);
        Times = ArrayPool<long>.Shared.Rent(entries);
    }

    public void RentFor(SeriesBlock.ValuesOneofCase kind)
    {
        switch (kind)
        {
            case SeriesBlock.ValuesOneofCase.Decimals or SeriesBlock.ValuesOneofCase.Doubles when Numbers.Length == 0:
                Numbers = ArrayPool<double>.Shared.Rent(_entries);
                break;
            case SeriesBlock.ValuesOneofCase.Booleans when Booleans.Length == 0:
                Booleans = ArrayPool<bool>.Shared.Rent(_entries);
                break;
            case SeriesBlock.ValuesOneofCase.Texts when Texts.Length == 0:
                Texts = ArrayPool<string>.Shared.Rent(_entries);
                break;
        }
    }

    /// <summary>The place for the qualities of a block.</summary>
    public Span<Quality> RentQualities(int start, int count)
    {
        if (_qualities.Length == 0)
        {
            _qualities = ArrayPool<Quality>.Shared.Rent(_entries);
        }
        return _qualities.AsSpan(start, count);
    }

    /// <summary>Whether what is added now are aggregates.</summary>
    public bool HasAggregates => _firstAggregate != NoAggregates;

    public void Add(in Block block) => _blocks.Add(block);

    /// <summary>What is added from now on are aggregates.</summary>
    public void BeginAggregates() => _firstAggregate = _blocks.Count;

    public void Deliver(ulong dictionary, IBatchSink sink)
    {
        for (int i = 0; i < _blocks.Count; i++)
        {
            if (i == _firstAggregate)
            {
                sink.BeginAggregates();
            }
            Block block = _blocks[i];
            ReadOnlySpan<long> times = Times.AsSpan(block.Times, block.Count);
            ReadOnlySpan<Quality> qualities = block.HasQualities ? _qualities.AsSpan(block.Start, block.Count) : default;
            switch (block.Kind)
            {
                case SeriesKind.Number:
                    sink.Numbers(dictionary, block.Series, times, Numbers.AsSpan(block.Start, block.Count), qualities);
                    break;
                case SeriesKind.Boolean:
                    sink.Booleans(dictionary, block.Series, times, Booleans.AsSpan(block.Start, block.Count), qualities);
                    break;
                default:
                    sink.Texts(dictionary, block.Series, times, Texts.AsSpan(block.Start, block.Count), qualities);
                    break;
            }
        }
    }

    public void Return()
    {
        Scratch = Return(Scratch);
        Times = Return(Times);
        Numbers = Return(Numbers);
        Booleans = Return(Booleans);
        Texts = Return(Texts);
        _qualities = Return(_qualities);
        _blocks.Clear();
    }

    private static T[] Return<T>(T[] array)
    {
        if (array.Length > 0)
        {
            // Texts must not be kept alive by the pool.
            ArrayPool<T>.Shared.Return(array, clearArray: typeof(T) == typeof(string));
        }
        return [];
    }

    /// <param name="Series">Its reference.</param>
    /// <param name="Kind">Which array has its values.</param>
    /// <param name="Times">Where its times begin.</param>
    /// <param name="Start">Where its values and qualities begin.</param>
    /// <param name="Count">How many readings it has.</param>
    /// <param name="HasQualities">Whether any is not good.</param>
    internal readonly record struct Block(uint Series, SeriesKind Kind, int Times, int Start, int Count, bool HasQualities);
}
