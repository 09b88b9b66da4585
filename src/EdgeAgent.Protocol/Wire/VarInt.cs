using System.Numerics;

namespace EdgeAgent.Protocol.Wire;

/// <summary>
/// Protobuf's integers of variable length.
/// <code>
/// varint := (0x80 | seven bits)* seven bits        least significant group first, at most 10 bytes
/// zigzag := 0, -1, 1, -2, 2 …  →  0, 1, 2, 3, 4 …   so that small negative numbers are short, too (sint32, sint64)
/// </code>
/// </summary>
internal static class VarInt
{
    public const int MaximumLength = 10;

    /// <summary>ceil(bits / 7) without a division: (9 × log2 + 73) / 64 agrees with it for all 64 values of log2.</summary>
    public static int Length(ulong value) => ((BitOperations.Log2(value | 1) * 9) + 73) >> 6;

    public static int ZigZagLength(long value) => Length(ZigZag(value));

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>Writes into a span that has room for it and returns the length.</summary>
    public static int Write(Span<byte> destination, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        destination[length++] = (byte)value;
        return length;
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        value = 0;
        for (length = 0; length < Math.Min(source.Length, MaximumLength); length++)
        {
            byte group = source[length];
            value |= (ulong)(group & 0x7F) << (7 * length);
            if (group < 0x80)
            {
                length++;
                return true;
            }
        }
        return false;
    }
}
