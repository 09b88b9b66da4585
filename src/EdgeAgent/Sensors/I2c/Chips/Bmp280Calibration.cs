using System.Buffers.Binary;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// The trimming values for temperature and pressure of one BMP280 or BME280 (BST-BMP280-DS001 table 17, BST-BME280-DS002 table 16)
/// and the compensation formulas in double precision (sections 8.1 of both), which are the same.
/// <code>
/// T1 u16le  T2 T3 i16le  P1 u16le  P2..P9 i16le          registers 0x88 to 0x9F
/// </code>
/// </summary>
internal readonly record struct Bmp280Calibration
{
    public const int Length = 24;

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

    /// <returns>False where the memory is blank: no specimen has T1 or P1 of 0 or all ones, and both are divided by or scaled with.</returns>
    public static bool TryRead(ReadOnlySpan<byte> registers, out Bmp280Calibration calibration)
    {
        calibration = new Bmp280Calibration
        {
            T1 = BinaryPrimitives.ReadUInt16LittleEndian(registers),
            T2 = Signed(registers, 2),
            T3 = Signed(registers, 4),
            P1 = BinaryPrimitives.ReadUInt16LittleEndian(registers[6..]),
            P2 = Signed(registers, 8),
            P3 = Signed(registers, 10),
            P4 = Signed(registers, 12),
            P5 = Signed(registers, 14),
            P6 = Signed(registers, 16),
            P7 = Signed(registers, 18),
            P8 = Signed(registers, 20),
            P9 = Signed(registers, 22),
        };
        return calibration.T1 is not (0 or 0xFFFF) && calibration.P1 is not (0 or 0xFFFF);
    }

    /// <summary>t_fine: the temperature in the unit that the other formulas take.</summary>
    public double FineTemperature(int raw)
    {
        double linear = ((raw / 16_384.0) - (T1 / 1_024.0)) * T2;
        double offset = (raw / 131_072.0) - (T1 / 8_192.0);
        return linear + (offset * offset * T3);
    }

    public static double Celsius(double fine) => fine / 5_120.0;

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
