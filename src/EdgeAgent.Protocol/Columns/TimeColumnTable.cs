using System.Numerics;
using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol.Columns;

/// <summary>
/// Finds out which series of a batch were read at the same times, so that they share one time column: a hash table with linear
/// probing of column numbers. What lies in it is compared in full; a collision costs time, never correctness.
/// </summary>
internal sealed class TimeColumnTable
{
    private ReusedArray<int> _buckets = new(64);
    private ReusedArray<Column> _columns = new(16);
    private int _mask;

    public int Count { get; private set; }

    public void Clear(int seriesCount)
    {
        _buckets.EndRound(_mask + 1);
        _columns.EndRound(Count);
        Count = 0;
        // At most half full.
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * seriesCount, 64));
        _mask = size - 1;
        _buckets.Ensure(size, keep: 0);
        _buckets.Items.AsSpan(0, size).Clear();
        _columns.Ensure(seriesCount, keep: 0);
    }

    /// <returns>Whether the column is new; in either case <paramref name="column"/> is its number.</returns>
    public bool TryAdd(ReadingLog log, in ReadingLog.Slot slot, out int column)
    {
        ReadOnlySpan<long> times = log.Times(slot);
        ulong hash = Hash(times);
        int bucket = (int)(hash >> 32) & _mask;
        while (_buckets.Items[bucket] > 0)
        {
            column = _buckets.Items[bucket] - 1;
            ref readonly Column known = ref _columns.Items[column];
            if (known.Hash == hash && log.Times(known.Slot).SequenceEqual(times))
            {
                return false;
            }
            bucket = (bucket + 1) & _mask;
        }
        column = Count++;
        _buckets.Items[bucket] = Count;
        _columns.Items[column] = new Column(hash, slot);
        return true;
    }

    private static ulong Hash(ReadOnlySpan<long> times)
    {
        ulong hash = (ulong)times.Length;
        foreach (long time in times)
        {
            // Fibonacci hashing: 2^64 divided by the golden ratio spreads neighbouring times over all bits.
            hash = BitOperations.RotateLeft(hash ^ (ulong)time, 29) * 0x9E3779B97F4A7C15;
        }
        return hash;
    }

    private readonly record struct Column(ulong Hash, ReadingLog.Slot Slot);
}
