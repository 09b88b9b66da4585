using System.Buffers.Binary;
using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Maxim DS3231, datasheet 19-5170: a clock, read as a sensor: its time, taken for UTC, and the temperature that it measures each 64 s for its
/// own crystal. Nothing is ever written to it: it is somebody's clock.
/// <code>
/// seconds minutes hours day date month year: BCD   7 alarm bytes   control   status   aging   temperature i8  quarters u2 in bits 7 and 6
/// </code>
/// </summary>
internal sealed class Ds3231(I2cDevice device) : IChip
{
    /// <summary>Figure "I2C data transfer": there is but one.</summary>
    public static readonly int[] Addresses = [0x68];

    /// <summary>Figure 1, the timekeeping registers.</summary>
    internal const int StatusRegister = 0x0F, TemperatureRegister = 0x11, RegisterCount = 0x13;

    /// <summary>Status: the oscillator stands or stood still. And bits that always read 0.</summary>
    internal const byte OscillatorStopped = 0x80, StatusZeros = 0x70;

    /// <summary>What the chip is made for, section "recommended operating conditions", of the industrial kind.</summary>
    private static readonly MeasuringRange CelsiusRange = new(-40, 85);

    public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("temperature", "Cel", 2), new Quantity("time", "s", 0)];

    /// <summary>Nothing is started: the registers always hold the last of the chip's own measurements.</summary>
    public TimeSpan MeasurementTime => TimeSpan.Zero;

    /// <summary>
    /// A time, zeros where they belong, and the first registers again behind the last, where a DS1307 and others of its family have memory. From the
    /// hours on: seconds and minutes may have moved on between.
    /// </summary>
    public static bool IsRecognised(I2cDevice device)
    {
        Span<byte> registers = stackalloc byte[RegisterCount + Ds3231Time.Length];
        device.ReadRegisters(0, registers);
        return IsClock(registers) && Ds3231Time.TryRead(registers, out _) && registers[2..Ds3231Time.Length].SequenceEqual(registers[(RegisterCount + 2)..]);
    }

    /// <summary>The chip has no identity; it has bits that always read 0, and digits that are never above 9.</summary>
    public ChipState Prepare()
    {
        Span<byte> registers = stackalloc byte[RegisterCount];
        device.ReadRegisters(0, registers);
        return IsClock(registers) ? ChipState.Ready : ChipState.WrongChip;
    }

    public void Start()
    {
    }

    public void Finish(Span<Measured> values)
    {
        Span<byte> registers = stackalloc byte[RegisterCount];
        // In one burst: the chip copies the time aside at its start, so that no second passes within it.
        device.ReadRegisters(0, registers);
        if (!IsClock(registers))
        {
            values.Fill(Measured.None(Quality.Failed));
            return;
        }
        values[0] = CelsiusRange.Judge(Celsius(registers[TemperatureRegister..]));
        Quality trust = (registers[StatusRegister] & OscillatorStopped) == 0 ? Quality.Good : Quality.Uncertain;
        values[1] = Ds3231Time.TryRead(registers, out long seconds) ? new Measured(seconds, trust) : Measured.None(Quality.OutOfRange);
    }

    /// <summary>Section "temperature registers": quarters of a degree, two's complement, in the upper ten bits.</summary>
    internal static double Celsius(ReadOnlySpan<byte> registers) => BinaryPrimitives.ReadInt16BigEndian(registers) / 64 / 4.0;

    private static bool IsClock(ReadOnlySpan<byte> registers) =>
        (registers[StatusRegister] & StatusZeros) == 0 && (registers[TemperatureRegister + 1] & 0x3F) == 0 && (registers[3] & 0xF8) == 0
        && (registers[0] & 0x80) == 0 && (registers[1] & 0x80) == 0;
}
