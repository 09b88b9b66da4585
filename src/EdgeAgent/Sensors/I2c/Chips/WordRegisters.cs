using System.Buffers.Binary;
using System.Device.I2c;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>Chips whose registers hold 16 bits, high byte first, behind a pointer of one byte.</summary>
internal static class WordRegisters
{
    public static ushort ReadWord(this I2cDevice device, byte register)
    {
        Span<byte> word = stackalloc byte[2];
        device.WriteRead([register], word);
        return BinaryPrimitives.ReadUInt16BigEndian(word);
    }

    public static void WriteWord(this I2cDevice device, byte register, ushort word) => device.Write([register, (byte)(word >> 8), (byte)word]);
}
