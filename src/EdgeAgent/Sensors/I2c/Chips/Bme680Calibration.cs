using System.Buffers.Binary;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// The trimming values of one BME680 and its compensation formulas in floating point (BST-BME680-DS001, sections 3.3 and 3.4; Bosch's own driver
/// computes the same). Temperature, pressure and humidity are like a BME280's, and not the same.
/// <code>
/// first  := unused  T2 i16le  T3 i8  unused  P1 u16le  P2 i16le  P3 i8  unused  P4 P5 i16le  P7 i8  P6 i8  unused unused
///           P8 P9 i16le  P10 u8                                                                  registers 0x89 to 0xA0
/// second := H2[11:4]  H2[3:0] H1[3:0]  H1[11:4]  H3 H4 H5 i8  H6 u8  H7 i8  T1 u16le  G2 i16le  G1 i8  G3 i8
///                                                                                                registers 0xE1 to 0xEE
/// third  := heater value i8  unused  heater range in bits 5 and 4  unused  range error i4 in bits 7 to 4   registers 0x00 to 0x04
/// </code>
/// </summary>
internal readonly record struct Bme680Calibration
{
    public const int FirstLength = 24, SecondLength = 14, ThirdLength = 5;

    /// <summary>
    /// Section 3.4.1, the constants of the floating-point formula: what each range of the gas converter is off, in per cent, in the reference and in the slope.
    /// </summary>
    private static ReadOnlySpan<double> ReferenceErrors => [0, 0, 0, 0, 0, -1, 0, -0.8, 0, 0, -0.2, -0.5, 0, -1, 0, 0];

    private static ReadOnlySpan<double> SlopeErrors => [0, 0, 0, 0, 0.1, 0.7, 0, -0.8, -0.1, 0, 0, 0, 0, 0, 0, 0];

    public ushort T1 { get; init; }
    public short T2 { get; init; }
    public sbyte T3 { get; init; }
    public ushort P1 { get; init; }
    public short P2 { get; init; }
    public sbyte P3 { get; init; }
    public short P4 { get; init; }
    public short P5 { get; init; }
    public sbyte P6 { get; init; }
    public sbyte P7 { get; init; }
    public short P8 { get; init; }
    public short P9 { get; init; }
    public byte P10 { get; init; }
    public ushort H1 { get; init; }
    public ushort H2 { get; init; }
    public sbyte H3 { get; init; }
    public sbyte H4 { get; init; }
    public sbyte H5 { get; init; }
    public byte H6 { get; init; }
    public sbyte H7 { get; init; }
    public sbyte G1 { get; init; }
    public short G2 { get; init; }
    public sbyte G3 { get; init; }
    public sbyte HeaterValue { get; init; }
    public byte HeaterRange { get; init; }
    public sbyte RangeError { get; init; }

    /// <returns>False where the memory is blank: no specimen has T1 or P1 of 0 or all ones, and both are divided by or scaled with.</returns>
    public static bool TryRead(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, out Bme680Calibration calibration)
    {
        calibration = new Bme680Calibration
        {
            T1 = BinaryPrimitives.ReadUInt16LittleEndian(second[8..]),
            T2 = Signed(first, 1),
            T3 = (sbyte)first[3],
            P1 = BinaryPrimitives.ReadUInt16LittleEndian(first[5..]),
            P2 = Signed(first, 7),
            P3 = (sbyte)first[9],
            P4 = Signed(first, 11),
            P5 = Signed(first, 13),
            P7 = (sbyte)first[15],
            P6 = (sbyte)first[16],
            P8 = Signed(first, 19),
            P9 = Signed(first, 21),
            P10 = first[23],
            // Two 12-bit numbers share the middle byte.
            H1 = (ushort)((second[2] << 4) | (second[1] & 0x0F)),
            H2 = (ushort)((second[0] << 4) | (second[1] >> 4)),
            H3 = (sbyte)second[3],
            H4 = (sbyte)second[4],
            H5 = (sbyte)second[5],
            H6 = second[6],
            H7 = (sbyte)second[7],
            G2 = Signed(second, 10),
            G1 = (sbyte)second[12],
            G3 = (sbyte)second[13],
            HeaterValue = (sbyte)third[0],
            HeaterRange = (byte)((third[2] >> 4) & 0b11),
            RangeError = (sbyte)((sbyte)third[4] >> 4),
        };
        return calibration.T1 is not (0 or 0xFFFF) && calibration.P1 is not (0 or 0xFFFF);
    }

    /// <summary>t_fine: the temperature in the unit that the pressure's formula takes.</summary>
    public double FineTemperature(int raw)
    {
        double linear = ((raw / 16_384.0) - (T1 / 1_024.0)) * T2;
        double offset = (raw / 131_072.0) - (T1 / 8_192.0);
        return linear + (offset * offset * T3 * 16.0);
    }

    public static double Celsius(double fine) => fine / 5_120.0;

    public double Pascal(int raw, double fine)
    {
        double t = (fine / 2.0) - 64_000.0;
        double offset = (t * t * P6 / 131_072.0) + (t * P5 * 2.0);
        offset = (offset / 4.0) + (P4 * 65_536.0);
        double scale = ((P3 * t * t / 16_384.0) + (P2 * t)) / 524_288.0;
        scale = (1.0 + (scale / 32_768.0)) * P1;
        double pressure = (1_048_576.0 - raw - (offset / 4_096.0)) * 6_250.0 / scale;
        double square = P9 * pressure * pressure / 2_147_483_648.0;
        double part = pressure / 256.0;
        double cube = part * part * part * P10 / 131_072.0;
        return pressure + ((square + (pressure * P8 / 32_768.0) + cube + (P7 * 128.0)) / 16.0);
    }

    /// <summary>Per cent, 0 to 100.</summary>
    public double Percent(int raw, double celsius)
    {
        double linear = raw - ((H1 * 16.0) + (H3 / 2.0 * celsius));
        linear *= H2 / 262_144.0 * (1.0 + (H4 / 16_384.0 * celsius) + (H5 / 1_048_576.0 * celsius * celsius));
        double humidity = linear + (((H6 / 16_384.0) + (H7 / 2_097_152.0 * celsius)) * linear * linear);
        return Math.Clamp(humidity, 0.0, 100.0);
    }

    /// <summary>Section 3.4.1.</summary>
    /// <param name="raw">gas_r, 10 bits.</param>
    /// <param name="range">gas_range_r, 0 to 15: a range is half of the one before it.</param>
    public double Ohm(int raw, int range)
    {
        double reference = (1_340.0 + (5.0 * RangeError)) * (1.0 + (ReferenceErrors[range] / 100.0));
        double slope = 1.0 + (SlopeErrors[range] / 100.0);
        return 8_000_000.0 / (1 << range) / slope / (((raw - 512.0) / reference) + 1.0);
    }

    /// <summary>res_heat_x, section 3.3.5: what heats the plate to a temperature.</summary>
    /// <param name="target">Of the plate, °C.</param>
    /// <param name="ambient">Of the air, °C.</param>
    public byte HeaterResistance(double target, double ambient)
    {
        double resistance = ((G1 / 16.0) + 49.0) * (1.0 + (((G2 / 32_768.0 * 0.0005) + 0.00235) * target));
        resistance += G3 / 1_024.0 * ambient;
        return (byte)Math.Clamp(3.4 * ((resistance * (4.0 / (4.0 + HeaterRange)) * (1.0 / (1.0 + (HeaterValue * 0.002)))) - 25.0), 0, byte.MaxValue);
    }

    private static short Signed(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt16LittleEndian(bytes[offset..]);
}
