using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Columns;

/// <summary>Reads edge.v1.TimeColumn; <see cref="TimeColumnEncoder"/> explains it.</summary>
internal static class TimeColumnDecoder
{
    private const uint MaximumDecimals = 9;

    /// <summary>What is wrong with a column, or null. Nothing may be allocated by its count before this.</summary>
    /// <param name="column">The column.</param>
    /// <param name="maximumCount">How many times there may be.</param>
    public static string? Violation(TimeColumn column, int maximumCount) =>
        column.Count == 0 ? "count is 0"
        : column.Count > (uint)maximumCount ? $"count {column.Count} is more than the readings that are left"
        : column.Decimals > MaximumDecimals ? $"decimals {column.Decimals} is more than {MaximumDecimals}"
        : column.Deviations.Count != 0 && column.Deviations.Count != column.Count - 1
            ? $"deviations has {column.Deviations.Count} entries, not 0 or {column.Count - 1}"
        : null;

    /// <summary>Expands a column that is valid. The scratch is as long as the column at least.</summary>
    public static void Read(TimeColumn column, long baseTime, Span<long> times, long[] scratch)
    {
        long unit = 1;
        for (uint decimals = MaximumDecimals; decimals > column.Decimals; decimals--)
        {
            unit *= 10;
        }
        column.Deviations.CopyTo(scratch, 0);
        ReadOnlySpan<long> deviations = scratch.AsSpan(0, column.Deviations.Count);
        long step = column.Step;
        // Modulo 2^64 by definition.
        unchecked
        {
            long time = baseTime + (column.First * unit);
            for (int i = 0; i < times.Length; i++)
            {
                times[i] = time;
                time += (i < deviations.Length ? step + deviations[i] : step) * unit;
            }
        }
    }
}
