using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Bosch BMP280, datasheet BST-BMP280-DS001: one measurement at a time (forced mode), each quantity sampled once, no filter: the setting
/// that table 15 names for weather monitoring. The <see cref="Bme280"/> is this chip with a humidity sensor: same registers, other id.
/// </summary>
internal sealed class Bmp280(I2cDevice device) : IChip
{
    /// <summary>Pin SDO low and high (section 5.2).</summary>
    public static readonly int[] Addresses = [0x76, 0x77];

    /// <summary>Register map, section 4.2.</summary>
    internal const byte CalibrationRegister = 0x88, IdRegister = 0xD0, StatusRegister = 0xF3, ControlRegister = 0xF4, DataRegister = 0xF7;

    internal const byte ChipId = 0x58;

    /// <summary>ctrl_meas: temperature ×1, pressure ×1, forced mode.</summary>
    internal const byte ForcedMode = 0b001_001_01;

    /// <summary>status: a conversion is running; the calibration is being copied from the chip's memory.</summary>
    internal const byte Measuring = 0b1000, UpdatingImage = 0b0001;

    /// <summary>What an output register reads when its measurement was skipped, and after power-up (sections 4.3.6 and 4.3.7).</summary>
    internal const int Skipped = 0x80000;

    /// <summary>Table 2: what the chip can measure.</summary>
    internal static readonly MeasuringRange CelsiusRange = new(-40, 85), PascalRange = new(30_000, 110_000);

    /// <summary>Resolutions of table 2 at ×1: 0.01 °C, 2.62 Pa before compensation.</summary>
    internal static readonly Quantity Temperature = new("temperature", "Cel", 2), Pressure = new("pressure", "Pa", 1);

    private Bmp280Calibration _calibration;

    public IReadOnlyList<Quantity> Quantities { get; } = [Temperature, Pressure];

    /// <summary>Table 13: at most 6.4 ms with both oversamplings at 1, rounded up.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(7);

    /// <summary>By its identity; one that is no BMP280's may be a <see cref="Bme280"/>'s or a <see cref="Bme680"/>'s.</summary>
    public static bool IsRecognised(I2cDevice device) => device.ReadRegister(IdRegister) == ChipId;

    public ChipState Prepare()
    {
        if (!IsRecognised(device))
        {
            return ChipState.WrongChip;
        }
        if ((device.ReadRegister(StatusRegister) & UpdatingImage) != 0)
        {
            return ChipState.NotReady;
        }
        Span<byte> registers = stackalloc byte[Bmp280Calibration.Length];
        device.ReadRegisters(CalibrationRegister, registers);
        return Bmp280Calibration.TryRead(registers, out _calibration) ? ChipState.Ready : ChipState.WrongChip;
    }

    public void Start() => device.WriteRegister(ControlRegister, ForcedMode);

    public void Finish(Span<Measured> values)
    {
        if ((device.ReadRegister(StatusRegister) & Measuring) != 0)
        {
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        Span<byte> data = stackalloc byte[6];
        device.ReadRegisters(DataRegister, data);
        int pressure = TwentyBits(data);
        int temperature = TwentyBits(data[3..]);
        if (temperature == Skipped)
        {
            // A chip that lost its power since Start has measured nothing, and without the temperature nothing can be compensated.
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        double fine = _calibration.FineTemperature(temperature);
        values[0] = CelsiusRange.Judge(Bmp280Calibration.Celsius(fine));
        values[1] = pressure == Skipped ? Measured.None(Quality.NotReady) : PascalRange.Judge(_calibration.Pascal(pressure, fine));
    }

    /// <summary>msb, lsb, and the upper half of xlsb: how all of Bosch's air sensors give pressure and temperature.</summary>
    internal static int TwentyBits(ReadOnlySpan<byte> data) => (data[0] << 12) | (data[1] << 4) | (data[2] >> 4);
}
