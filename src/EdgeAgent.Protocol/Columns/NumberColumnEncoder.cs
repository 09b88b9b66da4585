using System.Buffers.Binary;
using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol.Columns;

/// <summary>
/// Writes numbers as edge.v1.DecimalColumn or, where that is not smaller, as edge.v1.DoubleColumn. Every double comes back bit for bit.
/// <code>
/// decimals (3) := exponent (1) delta (2) mantissas (3, packed sint64) exception_positions (4, packed uint32) exception_values (5, packed double)
/// doubles  (4) := values (1, packed double)
/// </code>
/// The exponent is chosen for the whole column, by exact size: a fine one fits more values, a coarse one makes short mantissas and
/// turns the few values with many digits into exceptions of about ten bytes each.
/// </summary>
internal sealed class NumberColumnEncoder
{
    private const int BytesOfAnException = sizeof(double) + 1;
    private const sbyte Unfit = sbyte.MaxValue;

    private ReusedArray<long> _mantissas = new(256);
    private ReusedArray<sbyte> _exponents = new(256);
    private ReusedArray<int> _exceptions = new(64);

    public void Write(ReadOnlySpan<double> values, ProtobufBuffer output)
    {
        _mantissas.Ensure(values.Length, keep: 0);
        _exponents.Ensure(values.Length, keep: 0);
        Span<long> mantissas = _mantissas.Items.AsSpan(0, values.Length);
        Span<sbyte> exponents = _exponents.Items.AsSpan(0, values.Length);
        Span<int> histogram = stackalloc int[(2 * ScaledDecimal.MaximumExponent) + 1];
        histogram.Clear();
        int unfit = FindDecimals(values, mantissas, exponents, histogram);

        Shape best = ChooseExponent(mantissas, exponents, histogram, unfit);
        if (best.Bytes < values.Length * sizeof(double))
        {
            WriteDecimals(values, mantissas, exponents, best, output);
        }
        else
        {
            int column = output.Begin(4);
            WriteDoubles(1, values, output);
            output.End(column);
        }
        _mantissas.EndRound(values.Length);
        _exponents.EndRound(values.Length);
    }

    /// <summary>The shortest decimal of each value, and how many have which exponent. Zeros fit any and are not counted.</summary>
    private static int FindDecimals(ReadOnlySpan<double> values, Span<long> mantissas, Span<sbyte> exponents, Span<int> histogram)
    {
        int unfit = 0;
        int hint = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!ScaledDecimal.TryFind(values[i], hint, out mantissas[i], out int exponent))
            {
                exponents[i] = Unfit;
                unfit++;
            }
            else if (mantissas[i] == 0)
            {
                exponents[i] = ScaledDecimal.MaximumExponent;
            }
            else
            {
                exponents[i] = (sbyte)exponent;
                histogram[exponent + ScaledDecimal.MaximumExponent]++;
                hint = exponent;
            }
        }
        return unfit;
    }

    /// <summary>From the finest exponent that occurs to the coarsest, as long as what becomes an exception does not already cost too much.</summary>
    private static Shape ChooseExponent(ReadOnlySpan<long> mantissas, ReadOnlySpan<sbyte> exponents, ReadOnlySpan<int> histogram, int unfit)
    {
        Shape best = new(0, false, int.MaxValue);
        int exceptions = unfit;
        for (int i = 0; i < histogram.Length && exceptions * BytesOfAnException < best.Bytes; i++)
        {
            if (histogram[i] > 0)
            {
                Shape shape = Measure(mantissas, exponents, i - ScaledDecimal.MaximumExponent);
                best = shape.Bytes < best.Bytes ? shape : best;
                exceptions += histogram[i];
            }
        }
        // Nothing but zeros and exceptions.
        return best.Bytes == int.MaxValue ? Measure(mantissas, exponents, 0) : best;
    }

    private static Shape Measure(ReadOnlySpan<long> mantissas, ReadOnlySpan<sbyte> exponents, int exponent)
    {
        int plain = 0;
        int delta = 0;
        int exceptions = 0;
        int lastException = 0;
        long previous = 0;
        for (int i = 0; i < mantissas.Length; i++)
        {
            if (TryFit(mantissas[i], exponents[i], exponent, out long mantissa))
            {
                plain += VarInt.ZigZagLength(mantissa);
                delta += VarInt.ZigZagLength(mantissa - previous);
                previous = mantissa;
            }
            else
            {
                // The filler, the position and the value.
                exceptions += 1 + VarInt.Length((uint)(i - lastException)) + sizeof(double);
                lastException = i;
            }
        }
        int lists = exceptions == 0 ? 0 : 8;
        return new Shape(exponent, delta < plain, Math.Min(plain, delta) + exceptions + lists);
    }

    private static bool TryFit(long mantissa, sbyte from, int to, out long rescaled)
    {
        if (from == Unfit || from < to)
        {
            rescaled = 0;
            return false;
        }
        return ScaledDecimal.TryRescale(mantissa, from - to, out rescaled);
    }

    private void WriteDecimals(
        ReadOnlySpan<double> values, ReadOnlySpan<long> mantissas, ReadOnlySpan<sbyte> exponents, Shape shape, ProtobufBuffer output)
    {
        int column = output.Begin(3);
        output.Signed(1, shape.Exponent);
        output.Unsigned(2, shape.Delta ? 1u : 0u);
        int exceptions = WriteMantissas(mantissas, exponents, shape, output);
        if (exceptions > 0)
        {
            WriteExceptions(values, _exceptions.Items.AsSpan(0, exceptions), output);
        }
        _exceptions.EndRound(exceptions);
        output.End(column);
    }

    /// <returns>How many of them are fillers of exceptions.</returns>
    private int WriteMantissas(ReadOnlySpan<long> mantissas, ReadOnlySpan<sbyte> exponents, Shape shape, ProtobufBuffer output)
    {
        if (mantissas.Length == 1 && TryFit(mantissas[0], exponents[0], shape.Exponent, out long single))
        {
            // Parsers take a packed list unpacked, too, and an only entry is shorter that way.
            output.Tag(3, WireType.VarInt);
            output.VarInt(VarInt.ZigZag(single));
            return 0;
        }
        int list = output.Begin(3);
        Span<byte> bytes = output.Reserve(mantissas.Length * VarInt.MaximumLength);
        int length = 0;
        int exceptions = 0;
        long previous = 0;
        for (int i = 0; i < mantissas.Length; i++)
        {
            if (!TryFit(mantissas[i], exponents[i], shape.Exponent, out long mantissa))
            {
                _exceptions.Ensure(exceptions + 1, keep: exceptions);
                _exceptions.Items[exceptions++] = i;
                // The filler that takes one byte: a difference of zero, or zero itself.
                mantissa = shape.Delta ? previous : 0;
            }
            length += VarInt.Write(bytes[length..], VarInt.ZigZag(shape.Delta ? mantissa - previous : mantissa));
            previous = mantissa;
        }
        output.Advance(length);
        output.End(list);
        return exceptions;
    }

    private static void WriteExceptions(ReadOnlySpan<double> values, ReadOnlySpan<int> positions, ProtobufBuffer output)
    {
        int list = output.Begin(4);
        int previous = 0;
        foreach (int position in positions)
        {
            output.VarInt((uint)(position - previous));
            previous = position;
        }
        output.End(list);

        list = output.Begin(5);
        Span<byte> bytes = output.Reserve(positions.Length * sizeof(double));
        for (int i = 0; i < positions.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes[(i * sizeof(double))..], values[positions[i]]);
        }
        output.Advance(positions.Length * sizeof(double));
        output.End(list);
    }

    private static void WriteDoubles(int field, ReadOnlySpan<double> values, ProtobufBuffer output)
    {
        int list = output.Begin(field);
        Span<byte> bytes = output.Reserve(values.Length * sizeof(double));
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes[(i * sizeof(double))..], values[i]);
        }
        output.Advance(values.Length * sizeof(double));
        output.End(list);
    }

    private readonly record struct Shape(int Exponent, bool Delta, int Bytes);
}
