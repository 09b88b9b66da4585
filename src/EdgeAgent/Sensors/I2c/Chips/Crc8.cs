namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>The checksum of most chips: a CRC of 8 bits, highest bit first, nothing reflected, no final exclusive or.</summary>
internal static class Crc8
{
    /// <summary>x⁸ + x⁵ + x⁴ + 1, without its highest bit.</summary>
    public const byte Polynomial31 = 0x31;

    public static byte Of(ReadOnlySpan<byte> bytes, byte polynomial, byte initial)
    {
        int crc = initial;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ polynomial : crc << 1;
            }
        }
        return (byte)crc;
    }
}
