namespace EdgeAgent.Sensors.I2c.Chips.Registers;

internal enum ChecksumKind
{
    /// <summary>There is no checksum.</summary>
    None,

    /// <summary>CRC of 8 bits, highest bit first.</summary>
    Crc8,

    /// <summary>CRC of 8 bits as 1-Wire has it: x⁸ + x⁵ + x⁴ + 1, lowest bit first, from 0.</summary>
    Crc8Maxim,

    /// <summary>All bytes combined by exclusive or.</summary>
    Xor,

    /// <summary>The last eight bits of the bytes' sum.</summary>
    Sum,
}

/// <summary>A byte behind the bytes that it vouches for.</summary>
/// <param name="Kind">How it is worked out.</param>
/// <param name="Polynomial">Of <see cref="ChecksumKind.Crc8"/>. Default: Sensirion's, x⁸ + x⁵ + x⁴ + 1.</param>
/// <param name="Initial">Of <see cref="ChecksumKind.Crc8"/>. Default: Sensirion's.</param>
/// <param name="IsOfTransfer">One at the end of each transfer. Otherwise one behind each word.</param>
internal sealed record RegisterChecksum(
    ChecksumKind Kind,
    byte Polynomial = RegisterChecksum.DefaultPolynomial,
    byte Initial = RegisterChecksum.DefaultInitial,
    bool IsOfTransfer = false)
{
    public const byte DefaultPolynomial = Crc8.Polynomial31, DefaultInitial = 0xFF;

    public static RegisterChecksum None { get; } = new(ChecksumKind.None);

    public int BytesOfWord => Kind == ChecksumKind.None || IsOfTransfer ? 0 : 1;

    public int BytesOfTransfer => Kind == ChecksumKind.None || !IsOfTransfer ? 0 : 1;

    /// <param name="bytes">What it vouches for, and the checksum behind them.</param>
    public bool Fits(ReadOnlySpan<byte> bytes) => Kind == ChecksumKind.None || Of(bytes[..^1]) == bytes[^1];

    internal byte Of(ReadOnlySpan<byte> bytes)
    {
        if (Kind == ChecksumKind.Crc8)
        {
            return Crc8.Of(bytes, Polynomial, Initial);
        }
        int sum = 0;
        foreach (byte value in bytes)
        {
            sum = Kind switch
            {
                ChecksumKind.Crc8Maxim => LowestFirst(sum ^ value),
                ChecksumKind.Xor => sum ^ value,
                _ => sum + value,
            };
        }
        return (byte)sum;
    }

    private static int LowestFirst(int sum)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            // 0x31 read backwards.
            sum = (sum & 1) != 0 ? (sum >> 1) ^ 0x8C : sum >> 1;
        }
        return sum;
    }
}
