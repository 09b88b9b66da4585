using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Microchip MCP9808, datasheet DS25095: converts by itself, at 0.0625 °C, which is how it wakes up. After a loss of power its register reads
/// 0 °C until the first conversion is over, and no flag says so: hence the mark in the configuration.
/// </summary>
internal sealed class Mcp9808(I2cDevice device) : IChip
{
    /// <summary>Pins A2 to A0.</summary>
    public static readonly int[] Addresses = [.. Enumerable.Range(0x18, 8)];

    /// <summary>Register pointers, section 5.1.</summary>
    internal const byte ConfigurationRegister = 0x01, TemperatureRegister = 0x05, ManufacturerRegister = 0x06, DeviceRegister = 0x07;

    /// <summary>Manufacturer's identity; the device's in the high byte, with its revision in the low one (sections 5.1.4 and 5.1.5).</summary>
    internal const ushort Manufacturer = 0x0054, Device = 0x0400;

    /// <summary>
    /// Converting, alert output off, a hysteresis of 1.5 °C: it means nothing without the output, and a chip that lost its power has none.
    /// </summary>
    internal const ushort Marked = 0b01 << 9;

    /// <summary>°C (section 1).</summary>
    private static readonly MeasuringRange Range = new(-40, 125);

    public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("temperature", "Cel", Resolution.Decimals(0.0625))];

    /// <summary>250 ms are typical of a conversion (section 1, t_CONV); no maximum is given, so a fifth more.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(300);

    public static bool IsRecognised(I2cDevice device) =>
        device.ReadWord(ManufacturerRegister) == Manufacturer && (device.ReadWord(DeviceRegister) & 0xFF00) == Device;

    public ChipState Prepare() => IsRecognised(device) ? ChipState.Ready : ChipState.WrongChip;

    public void Start() => device.WriteWord(ConfigurationRegister, Marked);

    public void Finish(Span<Measured> values)
    {
        values[0] = device.ReadWord(ConfigurationRegister) == Marked
            ? Range.Judge(Celsius(device.ReadWord(TemperatureRegister))) : Measured.None(Quality.NotReady);
    }

    /// <summary>Section 5.1.3: three alert flags, then 13 bits with sign, in sixteenths.</summary>
    internal static double Celsius(ushort register) => ((short)(register << 3) >> 3) / 16.0;
}
