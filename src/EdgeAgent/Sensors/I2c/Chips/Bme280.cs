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
    public static readonly int[] Addresses = [0x76, 0x77];

    /// <summary>Register map, section 5.3.</summary>
    internal const byte IdRegister = 0xD0, ResetRegister = 0xE0, HumidityControlRegister = 0xF2, StatusRegister = 0xF3,
        ControlRegister = 0xF4, DataRegister = 0xF7, FirstCalibrationRegister = 0x88, SecondCalibrationRegister = 0xE1;

    internal const byte ChipId = 0x60;

    /// <summary>ctrl_meas: temperature ×1, pressure ×1, forced mode. ctrl_hum: humidity ×1.</summary>
    internal const byte ForcedMode = 0b001_001_01, HumidityOnce = 0b001;

    /// <summary>status: a conversion is running; the calibration is being copied from the chip's memory.</summary>
    internal const byte Measuring = 0b1000, UpdatingImage = 0b0001;

    /// <summary>What an output register reads when its measurement was skipped (sections 5.4.7 to 5.4.9).</summary>
    internal const int SkippedTwentyBits = 0x80000, SkippedSixteenBits = 0x8000;

    private Bme280Calibration _calibration;

    /// <summary>Resolutions of tables 2 to 4: 0.01 °C, 0.008 %, 0.18 Pa.</summary>
    public IReadOnlyList<Quantity> Quantities { get; } =
        [new Quantity("temperature", "Cel", 2), new Quantity("humidity", "%", 2), new Quantity("pressure", "Pa", 1)];

    /// <summary>Appendix B (9.1): 1.25 + 2.3 + (2.3 + 0.575) + (2.3 + 0.575) ms with every oversampling at 1, rounded up.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(10);

    public ChipState Prepare()
    {
        if (ReadRegister(IdRegister) != ChipId)
        {
            return ChipState.WrongChip;
        }
        if ((ReadRegister(StatusRegister) & UpdatingImage) != 0)
        {
            return ChipState.NotReady;
        }
        Span<byte> first = stackalloc byte[Bme280Calibration.FirstLength];
        Span<byte> second = stackalloc byte[Bme280Calibration.SecondLength];
        device.WriteRead([FirstCalibrationRegister], first);
        device.WriteRead([SecondCalibrationRegister], second);
        if (!Bme280Calibration.TryRead(first, second, out Bme280Calibration calibration))
        {
            return ChipState.WrongChip;
        }
        _calibration = calibration;
        return ChipState.Ready;
    }

    public void Start()
    {
        // ctrl_hum takes effect only with the write to ctrl_meas after it (section 5.4.3).
        device.Write([HumidityControlRegister, HumidityOnce, ControlRegister, ForcedMode]);
    }

    public void Finish(Span<Measured> values)
    {
        if ((ReadRegister(StatusRegister) & Measuring) != 0)
        {
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        // In one burst, so that all bytes belong to one measurement (section 4).
        Span<byte> data = stackalloc byte[8];
        device.WriteRead([DataRegister], data);
        int pressure = (data[0] << 12) | (data[1] << 4) | (data[2] >> 4);
        int temperature = (data[3] << 12) | (data[4] << 4) | (data[5] >> 4);
        int humidity = (data[6] << 8) | data[7];
        if (temperature == SkippedTwentyBits)
        {
            // A chip that lost its power since Start has measured nothing, and without the temperature nothing can be compensated.
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        double fine = _calibration.FineTemperature(temperature);
        // Table 1 of the datasheet: what the chip can measure.
        values[0] = Within(Bme280Calibration.Celsius(fine), -40, 85);
        values[1] = humidity == SkippedSixteenBits ? Measured.None(Quality.NotReady) : Measured.Good(_calibration.RelativeHumidity(humidity, fine));
        values[2] = pressure == SkippedTwentyBits ? Measured.None(Quality.NotReady) : Within(_calibration.Pascal(pressure, fine), 30_000, 110_000);
    }

    private static Measured Within(double value, double minimum, double maximum) =>
        value >= minimum && value <= maximum ? Measured.Good(value) : Measured.None(Quality.OutOfRange);

    private byte ReadRegister(byte register)
    {
        Span<byte> value = stackalloc byte[1];
        device.WriteRead([register], value);
        return value[0];
    }
}
