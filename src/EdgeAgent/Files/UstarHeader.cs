using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeAgent.Files;

/// <summary>
/// One header of a ustar archive (POSIX.1-1988), as far as our own archives need it: a plain file with a short name, of user and group 0.
/// <code>
/// header := name[100] mode[8] uid[8] gid[8] size[12] mtime[12] checksum[8] type[1] link[100] "ustar" NUL "00" rest[247]
/// size   := octal digits, then NUL or space          checksum := the sum of all bytes, its own counted as spaces
/// </code>
/// </summary>
internal static class UstarHeader
{
    public const int BlockBytes = 512;
    private const int NameBytes = 100, SizeAt = 124, SizeBytes = 12, SumAt = 148, SumBytes = 8, TypeAt = 156, MagicAt = 257;

    private static ReadOnlySpan<byte> Magic => "ustar"u8;

    public static bool TryRead(ReadOnlySpan<byte> block, [NotNullWhen(true)] out string? name, out long bytes)
    {
        (name, bytes) = (null, 0);
        if (block.Length != BlockBytes || !block[MagicAt..].StartsWith(Magic) || block[TypeAt] is not ((byte)'0' or 0)
            || !TryReadOctal(block.Slice(SumAt, SumBytes), out long sum) || sum != SumOf(block) || !TryReadOctal(block.Slice(SizeAt, SizeBytes), out bytes))
        {
            return false;
        }
        ReadOnlySpan<byte> field = block[..NameBytes];
        int end = field.IndexOf((byte)0);
        name = Encoding.ASCII.GetString(end < 0 ? field : field[..end]);
        return true;
    }

    /// <param name="name">At most 99 ASCII characters.</param>
    /// <param name="bytes">The file's length.</param>
    /// <param name="mode">The file's.</param>
    /// <param name="time">When it was changed last.</param>
    public static byte[] Encode(string name, long bytes, UnixFileMode mode, DateTimeOffset time)
    {
        var block = new byte[BlockBytes];
        Encoding.ASCII.GetBytes(name, block.AsSpan(0, NameBytes - 1));
        WriteOctal(block.AsSpan(100, 8), (long)mode);
        WriteOctal(block.AsSpan(108, 8), 0);
        WriteOctal(block.AsSpan(116, 8), 0);
        WriteOctal(block.AsSpan(SizeAt, SizeBytes), bytes);
        WriteOctal(block.AsSpan(136, 12), Math.Max(0, time.ToUnixTimeSeconds()));
        block[TypeAt] = (byte)'0';
        Magic.CopyTo(block.AsSpan(MagicAt));
        "00"u8.CopyTo(block.AsSpan(MagicAt + 6));
        WriteOctal(block.AsSpan(SumAt, SumBytes), SumOf(block));
        return block;
    }

    /// <summary>From the end of a file to the next header.</summary>
    public static int PaddingAfter(long bytes) => (int)((BlockBytes - (bytes % BlockBytes)) % BlockBytes);

    private static long SumOf(ReadOnlySpan<byte> block)
    {
        long sum = 0;
        for (int i = 0; i < block.Length; i++)
        {
            sum += i is >= SumAt and < SumAt + SumBytes ? (byte)' ' : block[i];
        }
        return sum;
    }

    private static bool TryReadOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        ReadOnlySpan<byte> digits = field.TrimStart((byte)' ').TrimEnd("\0 "u8);
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }
            value = (value * 8) + (digit - '0');
        }
        return digits.Length > 0;
    }

    private static void WriteOctal(Span<byte> field, long value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(field.Length - 1, '0'), field);
}
