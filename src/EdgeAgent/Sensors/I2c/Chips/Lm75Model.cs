namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// What tells the thermometers of this family apart. All have a temperature, left-aligned in 16 bits, at register 0 and a configuration, of one
/// byte or two, at register 1; here it always has 16 bits, the first byte above.
/// </summary>
internal sealed record Lm75Model
{
    /// <summary>Addresses that pins A2 to A0 choose.</summary>
    public required IReadOnlyList<int> Addresses { get; init; }

    /// <summary>Bits of the temperature, its sign among them. The highest always stands for 128 °C, or for 256 °C where there are 13.</summary>
    public required int Bits { get; init; }

    /// <summary>°C.</summary>
    public required MeasuringRange Range { get; init; }

    /// <summary>How long a conversion takes at most.</summary>
    public required TimeSpan Conversion { get; init; }

    /// <summary>
    /// What is written, and not the same as what the chip wakes up with: its register reads 0 °C after a loss of power until the first
    /// conversion is over, and this is how such a chip is known.
    /// </summary>
    public required ushort Configuration { get; init; }

    public required int ConfigurationBytes { get; init; }

    /// <summary>The bits that the chip keeps as they are written.</summary>
    public required ushort Kept { get; init; }

    /// <summary>Written together with the configuration: convert once. 0: converts by itself.</summary>
    public ushort Once { get; init; }

    /// <summary>Reads 1 when the single conversion is over. 0: the chip does not say.</summary>
    public ushort Done { get; init; }

    public double Step => Bits == 13 ? 0.0625 : 256.0 / (1 << Bits);

    /// <param name="register">The temperature register.</param>
    public double Celsius(ushort register) => ((short)register >> (16 - Bits)) * Step;

    private static readonly int[] EightAddresses = [.. Enumerable.Range(0x48, 8)], FourAddresses = [.. Enumerable.Range(0x48, 4)];

    /// <summary>
    /// LM75 (SNOS808): 9 bits, at most 300 ms. Converts by itself. The mark is a fault queue of 2, which delays the chip's own output by one
    /// conversion and nothing else.
    /// </summary>
    public static Lm75Model Lm75 { get; } = new()
    {
        Addresses = EightAddresses,
        Bits = 9,
        Range = new(-55, 125),
        Conversion = TimeSpan.FromMilliseconds(300),
        Configuration = 0b01 << 11,
        ConfigurationBytes = 1,
        Kept = 0xFF00,
    };

    /// <summary>NXP LM75B (2015): 11 bits, a conversion every 100 ms (typical; no maximum is given, so twice that).</summary>
    public static Lm75Model Lm75B { get; } = Lm75 with { Bits = 11, Conversion = TimeSpan.FromMilliseconds(200) };

    /// <summary>TMP75 (SBOS288): 12 bits (R1 R0 = 11), single shots out of the shutdown, at most 300 ms. OS always reads 0.</summary>
    public static Lm75Model Tmp75 { get; } = Lm75 with
    {
        Bits = 12,
        Range = new(-55, 127),
        Configuration = 0x6100,
        Once = 0x8000,
    };

    /// <summary>
    /// TMP102 (SBOS397): 13 bits (extended mode, which reaches beyond 128 °C), single shots out of the shutdown, at most 35 ms. OS reads 1 when
    /// it is over. Bit AL is the alert's state and not kept.
    /// </summary>
    public static Lm75Model Tmp102 { get; } = new()
    {
        Addresses = FourAddresses,
        Bits = 13,
        Range = new(-55, 150),
        Conversion = TimeSpan.FromMilliseconds(35),
        Configuration = 0x61B0,
        ConfigurationBytes = 2,
        Kept = 0x7FD0,
        Once = 0x8000,
        Done = 0x8000,
    };

    /// <summary>TMP112 (SBOS473): the registers and times of a TMP102, and more exact.</summary>
    public static Lm75Model Tmp112 => Tmp102;
}
