using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Columns;

/// <summary>Reads edge.v1.BooleanColumn; <see cref="BooleanColumnEncoder"/> explains it.</summary>
internal static class BooleanColumnDecoder
{
    /// <returns>What is wrong with the column, or null.</returns>
    public static string? TryRead(BooleanColumn column, Span<bool> values)
    {
        if (column.Count != values.Length)
        {
            return $"booleans.count is {column.Count} for {values.Length} times";
        }
        ReadOnlySpan<byte> bits = column.Bits.Span;
        if (bits.Length != (values.Length + 7) / 8)
        {
            return $"booleans.bits has {bits.Length} bytes for {values.Length} values";
        }
        int used = values.Length & 7;
        if (used != 0 && bits[^1] >> used != 0)
        {
            return "booleans.bits has unused bits that are not zero";
        }
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ((bits[i >> 3] >> (i & 7)) & 1) != 0;
        }
        return null;
    }
}
