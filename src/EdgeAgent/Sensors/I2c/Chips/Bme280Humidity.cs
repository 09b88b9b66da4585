using System.Buffers.Binary;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// What a BME280 knows of its humidity sensor beyond what <see cref="Bmp280Calibration"/> holds (datasheet table 16, section 8.1).
/// <code>
/// H1 u8                                                                  register 0xA1
/// H2 i16le  H3 u8  H4[11:4]  H5[3:0] H4[3:0]  H5[11:4]  H6 i8            registers 0xE1 to 0xE7
/// </code>
/// </summary>
internal readonly record struct Bme280Humidity
{
    public const int Length = 7;

    public byte H1 { get; init; }
    public short H2 { get; init; }
    public byte H3 { get; init; }
    public short H4 { get; init; }
    public short H5 { get; init; }
    public sbyte H6 { get; init; }

    public static Bme280Humidity Read(byte first, ReadOnlySpan<byte> registers) => new()
    {
        H1 = first,
        H2 = BinaryPrimitives.ReadInt16LittleEndian(registers),
        H3 = registers[2],
        // Two 12-bit numbers share the middle byte; the sign sits in the byte of the high bits.
        H4 = (short)(((sbyte)registers[3] << 4) | (registers[4] & 0x0F)),
        H5 = (short)(((sbyte)registers[5] << 4) | (registers[4] >> 4)),
        H6 = (sbyte)registers[6],
    };

    /// <summary>Per cent, 0 to 100.</summary>
    /// <param name="raw">The output register.</param>
    /// <param name="fine">Of <see cref="Bmp280Calibration.FineTemperature"/>.</param>
    public double Percent(int raw, double fine)
    {
        double t = fine - 76_800.0;
        double humidity = (raw - ((H4 * 64.0) + (H5 / 16_384.0 * t)))
            * (H2 / 65_536.0 * (1.0 + (H6 / 67_108_864.0 * t * (1.0 + (H3 / 67_108_864.0 * t)))));
        humidity *= 1.0 - (H1 * humidity / 524_288.0);
        return Math.Clamp(humidity, 0.0, 100.0);
    }
}
