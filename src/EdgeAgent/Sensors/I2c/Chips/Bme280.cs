using System.Buffers.Binary;
using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Bosch BME280, datasheet BST-BME280-DS002: one measurement at a time (forced mode), each quantity sampled once, no filter:
/// the setting that section 3.5.1 names for weather monitoring.
/// </summary>
internal sealed class Bme280(I2cDevice device) : IChip
{
    /// <summary>Pin SDO low and high (section 6.2).</summary>
    public static readonly int[] Addresses = Bmp280.Addresses;

    /// <summary>Register map, section 5.3. The others are the <see cref="Bmp280"/>'s.</summary>
    internal const byte FirstHumidityRegister = 0xA1, SecondHumidityRegister = 0xE1, HumidityControlRegister = 0xF2;

    internal const byte ChipId = 0x60;

    /// <summary>ctrl_hum: humidity ×1.</summary>
    internal const byte HumidityOnce = 0b001;

    /// <summary>What the output register reads when its measurement was skipped (section 5.4.9).</summary>
    internal const int HumiditySkipped = 0x8000;

    /// <summary>Resolution of table 2: 0.008 %.</summary>
    internal static readonly Quantity Humidity = new("humidity", "%", 2);

    private Bmp280Calibration _air;
    private Bme280Humidity _humidity;

    public IReadOnlyList<Quantity> Quantities { get; } = [Bmp280.Temperature, Humidity, Bmp280.Pressure];

    /// <summary>Appendix B (9.1): 1.25 + 2.3 + (2.3 + 0.575) + (2.3 + 0.575) ms with every oversampling at 1, rounded up.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(10);

    public static bool IsRecognised(I2cDevice device) => device.ReadRegister(Bmp280.IdRegister) == ChipId;

    public ChipState Prepare()
    {
        if (!IsRecognised(device))
        {
            return ChipState.WrongChip;
        }
        if ((device.ReadRegister(Bmp280.StatusRegister) & Bmp280.UpdatingImage) != 0)
        {
            return ChipState.NotReady;
        }
        Span<byte> air = stackalloc byte[Bmp280Calibration.Length];
        Span<byte> humidity = stackalloc byte[Bme280Humidity.Length];
        device.ReadRegisters(Bmp280.CalibrationRegister, air);
        device.ReadRegisters(SecondHumidityRegister, humidity);
        _humidity = Bme280Humidity.Read(device.ReadRegister(FirstHumidityRegister), humidity);
        return Bmp280Calibration.TryRead(air, out _air) ? ChipState.Ready : ChipState.WrongChip;
    }

    public void Start()
    {
        // ctrl_hum takes effect only with the write to ctrl_meas after it (section 5.4.3).
        device.Write([HumidityControlRegister, HumidityOnce, Bmp280.ControlRegister, Bmp280.ForcedMode]);
    }

    public void Finish(Span<Measured> values)
    {
        if ((device.ReadRegister(Bmp280.StatusRegister) & Bmp280.Measuring) != 0)
        {
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        Span<byte> data = stackalloc byte[8];
        device.ReadRegisters(Bmp280.DataRegister, data);
        int pressure = Bmp280.TwentyBits(data);
        int temperature = Bmp280.TwentyBits(data[3..]);
        int humidity = BinaryPrimitives.ReadUInt16BigEndian(data[6..]);
        if (temperature == Bmp280.Skipped)
        {
            // A chip that lost its power since Start has measured nothing, and without the temperature nothing can be compensated.
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        double fine = _air.FineTemperature(temperature);
        values[0] = Bmp280.CelsiusRange.Judge(Bmp280Calibration.Celsius(fine));
        values[1] = humidity == HumiditySkipped ? Measured.None(Quality.NotReady) : Measured.Good(_humidity.Percent(humidity, fine));
        values[2] = pressure == Bmp280.Skipped ? Measured.None(Quality.NotReady) : Bmp280.PascalRange.Judge(_air.Pascal(pressure, fine));
    }
}
