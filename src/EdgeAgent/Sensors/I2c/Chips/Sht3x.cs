using System.Buffers.Binary;
using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Sensirion SHT3x-DIS (SHT30, SHT31, SHT35), datasheet of December 2022: single shots of high repeatability without clock
/// stretching, because a stretched clock holds up everybody on the bus.
/// <code>
/// answer := word(temperature) word(humidity)        word(x) := x u16be  crc8(x)
/// </code>
/// </summary>
internal sealed class Sht3x(I2cDevice device) : IChip
{
    /// <summary>Pin ADDR low and high (table 8).</summary>
    public static readonly int[] Addresses = [0x44, 0x45];

    /// <summary>Single shot, high repeatability, no clock stretching (table 9).</summary>
    internal const ushort SingleShot = 0x2400;

    /// <summary>Status register (section 4.11).</summary>
    internal const ushort ReadStatus = 0xF32D;

    /// <summary>Resolutions of tables 1 and 2: 0.01 °C, 0.01 %.</summary>
    public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("temperature", "Cel", 2), new Quantity("humidity", "%", 2)];

    /// <summary>Table 4: at most 15.5 ms (high repeatability, below 2.4 V), rounded up.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(16);

    /// <summary>The chip has no identity; a status word with a right checksum is what tells it from something else.</summary>
    public ChipState Prepare()
    {
        Span<byte> command = stackalloc byte[2];
        Span<byte> status = stackalloc byte[3];
        BinaryPrimitives.WriteUInt16BigEndian(command, ReadStatus);
        device.WriteRead(command, status);
        return TryReadWord(status, out _) ? ChipState.Ready : ChipState.Checksum;
    }

    public void Start()
    {
        Span<byte> command = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(command, SingleShot);
        device.Write(command);
    }

    /// <remarks>A chip that has not finished does not acknowledge the read (section 4.4): that is an <see cref="IOException"/> too.</remarks>
    public void Finish(Span<Measured> values)
    {
        Span<byte> answer = stackalloc byte[6];
        device.Read(answer);
        // Section 4.13. Each word has its own checksum, so that one bad word does not cost the other.
        values[0] = TryReadWord(answer, out ushort temperature)
            ? Measured.Good(-45.0 + (175.0 * temperature / 65_535.0)) : Measured.None(Quality.Checksum);
        values[1] = TryReadWord(answer[3..], out ushort humidity)
            ? Measured.Good(100.0 * humidity / 65_535.0) : Measured.None(Quality.Checksum);
    }

    private static bool TryReadWord(ReadOnlySpan<byte> bytes, out ushort word)
    {
        word = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return Checksum(bytes[..2]) == bytes[2];
    }

    /// <summary>CRC-8 of section 4.12: polynomial x⁸ + x⁵ + x⁴ + 1 (0x31), initial value 0xFF, nothing reflected.</summary>
    internal static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        int crc = 0xFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ 0x31 : crc << 1;
            }
        }
        return (byte)crc;
    }
}
