using System.Buffers.Binary;
using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Sensirion SHT3x-DIS (SHT30, SHT31, SHT35), datasheet of December 2022: single shots of high repeatability without clock
/// stretching, because a stretched clock holds up everybody on the bus.
/// <code>
/// answer := word(temperature) word(humidity)        word := see SensirionWord
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
    internal static readonly Quantity Temperature = new("temperature", "Cel", 2), Humidity = new("humidity", "%", 2);

    public IReadOnlyList<Quantity> Quantities { get; } = [Temperature, Humidity];

    /// <summary>Table 4: at most 15.5 ms (high repeatability, below 2.4 V), rounded up.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(16);

    /// <summary>The chip has no identity; a status word with a right checksum is what tells it from something else.</summary>
    public static bool IsRecognised(I2cDevice device)
    {
        Span<byte> command = stackalloc byte[2];
        Span<byte> status = stackalloc byte[SensirionWord.Length];
        BinaryPrimitives.WriteUInt16BigEndian(command, ReadStatus);
        device.WriteRead(command, status);
        return SensirionWord.TryRead(status, out _);
    }

    public ChipState Prepare() => IsRecognised(device) ? ChipState.Ready : ChipState.Checksum;

    public void Start() => device.WriteCommand(SingleShot);

    /// <remarks>A chip that has not finished does not acknowledge the read (section 4.4): that is an <see cref="IOException"/> too.</remarks>
    public void Finish(Span<Measured> values)
    {
        Span<byte> answer = stackalloc byte[2 * SensirionWord.Length];
        device.Read(answer);
        // Section 4.13. Each word has its own checksum, so that one bad word does not cost the other.
        values[0] = SensirionWord.TryRead(answer, out ushort temperature) ? Measured.Good(Celsius(temperature)) : Measured.None(Quality.Checksum);
        values[1] = SensirionWord.TryRead(answer[SensirionWord.Length..], out ushort humidity)
            ? Measured.Good(Percent(humidity)) : Measured.None(Quality.Checksum);
    }

    /// <summary>Section 4.13; the SHT4x (4.6) and the SCD4x (3.6.2) scale their temperature the same way.</summary>
    internal static double Celsius(ushort word) => -45.0 + (175.0 * word / 65_535.0);

    /// <summary>Section 4.13, and 3.6.2 of the SCD4x.</summary>
    internal static double Percent(ushort word) => 100.0 * word / 65_535.0;
}
