using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Columns;

/// <summary>Reads edge.v1.DecimalColumn and DoubleColumn; <see cref="NumberColumnEncoder"/> explains them.</summary>
internal static class NumberColumnDecoder
{
    /// <param name="column">The column.</param>
    /// <param name="values">As long as the time column; filled where the result is null.</param>
    /// <param name="scratch">As long as <paramref name="values"/> at least.</param>
    /// <returns>What is wrong with the column, or null.</returns>
    public static string? TryRead(DecimalColumn column, Span<double> values, long[] scratch)
    {
        if (column.Mantissas.Count != values.Length)
        {
            return $"decimals.mantissas has {column.Mantissas.Count} entries for {values.Length} times";
        }
        if (column.Exponent is < -ScaledDecimal.MaximumExponent or > ScaledDecimal.MaximumExponent)
        {
            return $"decimals.exponent {column.Exponent} is not from -{ScaledDecimal.MaximumExponent} to {ScaledDecimal.MaximumExponent}";
        }
        column.Mantissas.CopyTo(scratch, 0);
        ReadOnlySpan<long> mantissas = scratch.AsSpan(0, values.Length);
        long previous = 0;
        for (int i = 0; i < mantissas.Length; i++)
        {
            // A sum that overflows lies far outside of what a mantissa may be, because previous is small.
            long mantissa = column.Delta ? unchecked(previous + mantissas[i]) : mantissas[i];
            if (!ScaledDecimal.IsMantissa(mantissa))
            {
                return $"decimals.mantissas[{i}] leads to more than 2^53";
            }
            values[i] = ScaledDecimal.ToDouble(mantissa, column.Exponent);
            previous = mantissa;
        }
        return TryReplaceExceptions(column, values);
    }

    /// <inheritdoc cref="TryRead(DecimalColumn, Span{double}, long[])"/>
    public static string? TryRead(DoubleColumn column, double[] destination, int start, int count)
    {
        if (column.Values.Count != count)
        {
            return $"doubles.values has {column.Values.Count} entries for {count} times";
        }
        column.Values.CopyTo(destination, start);
        return null;
    }

    private static string? TryReplaceExceptions(DecimalColumn column, Span<double> values)
    {
        int exceptions = column.ExceptionPositions.Count;
        if (exceptions != column.ExceptionValues.Count)
        {
            return $"decimals.exception_positions has {exceptions} entries, exception_values {column.ExceptionValues.Count}";
        }
        ulong position = 0;
        for (int i = 0; i < exceptions; i++)
        {
            uint distance = column.ExceptionPositions[i];
            position += distance;
            if (position >= (ulong)values.Length || (distance == 0 && i > 0))
            {
                return $"decimals.exception_positions[{i}] leads to {position}, which is out of order or out of range";
            }
            values[(int)position] = column.ExceptionValues[i];
        }
        return null;
    }
}
