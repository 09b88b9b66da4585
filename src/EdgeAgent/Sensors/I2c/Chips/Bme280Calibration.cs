using System.Buffers.Binary;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// The trimming values of one specimen (datasheet table 16) and the compensation formulas in double precision (appendix A,
/// section 8.1).
/// <code>
/// first  := T1 u16le  T2 T3 i16le  P1 u16le  P2..P9 i16le  unused  H1 u8          registers 0x88 to 0xA1
/// second := H2 i16le  H3 u8  H4[11:4]  H5[3:0] H4[3:0]  H5[11:4]  H6 i8           registers 0xE1 to 0xE7
/// </code>
/// </summary>
internal readonly record struct Bme280Calibration
{
    public const int FirstLength = 26, SecondLength = 7;

    public ushort T1 { get; init; }
    public short T2 { get; init; }
    public short T3 { get; init; }
    public ushort P1 { get; init; }
    public short P2 { get; init; }
    public short P3 { get; init; }
    public short P4 { get; init; }
    public short P5 { get; init; }
    public short P6 { get; init; }
    public short P7 { get; init; }
    public short P8 { get; init; }
    public short P9 { get; init; }
    public byte H1 { get; init; }
    public short H2 { get; init; }
    public byte H3 { get; init; }
    public short H4 { get; init; }
    public short H5 { get; init; }
    public sbyte H6 { get; init; }

    /// <returns>False where the memory is blank: no specimen has T1 or P1 of 0 or all ones, and both are divided by or scaled with.</returns>
    public static bool TryRead(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out Bme280Calibration calibration)
    {
        calibration = new Bme280Calibration
        {
            T1 = BinaryPrimitives.ReadUInt16LittleEndian(first),
            T2 = Signed(first, 2),
            T3 = Signed(first, 4),
            P1 = BinaryPrimitives.ReadUInt16LittleEndian(first[6..]),
            P2 = Signed(first, 8),
            P3 = Signed(first, 10),
            P4 = Signed(first, 12),
            P5 = Signed(first, 14),
            P6 = Signed(first, 16),
            P7 = Signed(first, 18),
            P8 = Signed(first, 20),
            P9 = Signed(first, 22),
            H1 = first[25],
            H2 = Signed(second, 0),
            H3 = second[2],
            // Two 12-bit numbers share the middle byte; the sign sits in the byte of the high bits.
            H4 = (short)(((sbyte)second[3] << 4) | (second[4] & 0x0F)),
            H5 = (short)(((sbyte)second[5] << 4) | (second[4] >> 4)),
            H6 = (sbyte)second[6],
        };
        return calibration.T1 is not (0 or 0xFFFF) && calibration.P1 is not (0 or 0xFFFF);
    }

    /// <summary>t_fine: the temperature in the unit that the other two formulas take.</summary>
    public double FineTemperature(int raw)
    {
        double linear = ((raw / 16_384.0) - (T1 / 1_024.0)) * T2;
        double offset = (raw / 131_072.0) - (T1 / 8_192.0);
        return linear + (offset * offset * T3);
    }

    public static double Celsius(double fine) => fine / 5_120.0;

    /// <summary>Per cent, 0 to 100.</summary>
    public double RelativeHumidity(int raw, double fine)
    {
        double t = fine - 76_800.0;
        double humidity = (raw - ((H4 * 64.0) + (H5 / 16_384.0 * t)))
            * (H2 / 65_536.0 * (1.0 + (H6 / 67_108_864.0 * t * (1.0 + (H3 / 67_108_864.0 * t)))));
        humidity *= 1.0 - (H1 * humidity / 524_288.0);
        return Math.Clamp(humidity, 0.0, 100.0);
    }

    public double Pascal(int raw, double fine)
    {
        double t = (fine / 2.0) - 64_000.0;
        double offset = (t * t * P6 / 32_768.0) + (t * P5 * 2.0);
        offset = (offset / 4.0) + (P4 * 65_536.0);
        double scale = ((P3 * t * t / 524_288.0) + (P2 * t)) / 524_288.0;
        scale = (1.0 + (scale / 32_768.0)) * P1;
        double pressure = (1_048_576.0 - raw - (offset / 4_096.0)) * 6_250.0 / scale;
        double square = P9 * pressure * pressure / 2_147_483_648.0;
        return pressure + ((square + (pressure * P8 / 32_768.0) + P7) / 16.0);
    }

    private static short Signed(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt16LittleEndian(bytes[offset..]);
}
