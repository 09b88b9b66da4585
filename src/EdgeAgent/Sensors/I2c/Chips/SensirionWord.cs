using System.Buffers.Binary;
using System.Device.I2c;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// What Sensirion's chips speak: commands of 16 bits, and words that each carry their own checksum.
/// <code>
/// command  := c u16be [ word ]        answer := word …        word := x u16be  crc8(x)
/// </code>
/// </summary>
internal static class SensirionWord
{
    /// <summary>Bytes of a word with its checksum.</summary>
    public const int Length = 3;

    public static void WriteCommand(this I2cDevice device, ushort command)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, command);
        device.Write(bytes);
    }

    public static void WriteCommand(this I2cDevice device, ushort command, ushort argument)
    {
        Span<byte> bytes = stackalloc byte[2 + Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, command);
        Write(bytes[2..], argument);
        device.Write(bytes);
    }

    public static void Write(Span<byte> bytes, ushort word)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, word);
        bytes[2] = Checksum(bytes[..2]);
    }

    /// <returns>False where the checksum is wrong.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ushort word)
    {
        word = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return Checksum(bytes[..2]) == bytes[2];
    }

    /// <summary>Whether every word of an answer has its right checksum.</summary>
    public static bool AreSound(ReadOnlySpan<byte> words)
    {
        for (; words.Length >= Length; words = words[Length..])
        {
            if (!TryRead(words, out _))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>CRC-8 (SHT3x datasheet section 4.12, SHT4x 4.4, SCD4x 3.12): polynomial x⁸ + x⁵ + x⁴ + 1 (0x31), initial value 0xFF, nothing reflected.</summary>
    public static byte Checksum(ReadOnlySpan<byte> bytes) => Crc8.Of(bytes, Crc8.Polynomial31, initial: 0xFF);
}
