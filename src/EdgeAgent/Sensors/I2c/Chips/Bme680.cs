using System.Buffers.Binary;
using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Bosch BME680, datasheet BST-BME680-DS001: one measurement at a time (forced mode), each quantity sampled once, and the resistance of its gas
/// sensor by one setting of the heater, the datasheet's own example: 300 °C for 100 ms. The resistance falls where the air is bad; what it
/// means in parts per million nobody outside of Bosch's closed library says.
/// </summary>
internal sealed class Bme680(I2cDevice device) : IChip
{
    /// <summary>Pin SDO low and high (section 6.2).</summary>
    public static readonly int[] Addresses = [0x76, 0x77];

    /// <summary>Register map, section 5.2.</summary>
    internal const byte ThirdCalibrationRegister = 0x00, DataRegister = 0x1D, HeaterResistanceRegister = 0x5A, HeaterTimeRegister = 0x64, HeaterRegister = 0x70,
        GasControlRegister = 0x71, HumidityControlRegister = 0x72, ControlRegister = 0x74, FirstCalibrationRegister = 0x89, IdRegister = 0xD0,
        SecondCalibrationRegister = 0xE1;

    internal const byte ChipId = 0x61;

    /// <summary>ctrl_meas: temperature ×1, pressure ×1, forced mode. ctrl_hum: humidity ×1. ctrl_gas_1: run_gas, heater setting 0.</summary>
    internal const byte ForcedMode = 0b001_001_01, HumidityOnce = 0b001, RunGas = 0b1_0000;

    /// <summary>gas_wait_x, section 5.3.3.3: 25 times 4 ms.</summary>
    internal const byte HeaterTime = 0b01_011001;

    /// <summary>meas_status_0: there is new data; a conversion is running. gas_r_lsb: the gas was measured; the heater reached its temperature. Section 5.3.5.</summary>
    internal const byte NewData = 0x80, Measuring = 0x20, GasValid = 0x20, HeaterStable = 0x10;

    /// <summary>meas_status_0 to gas_r_lsb.</summary>
    internal const int DataLength = 15;

    /// <summary>What an output register reads when its measurement was skipped, and after power-up.</summary>
    internal const int Skipped = 0x80000, HumiditySkipped = 0x8000;

    private const double HeaterCelsius = 300;

    /// <summary>What the air is taken to be when the heater's current is chosen: ten degrees more or less change it by less than one count.</summary>
    private const double UsualCelsius = 25;

    private Bme680Calibration _calibration;
    private byte _heaterResistance;

    /// <summary>Resolutions of section 1: 0.01 °C, 0.008 %, 0.18 Pa; the gas sensor resolves about a thousandth.</summary>
    public IReadOnlyList<Quantity> Quantities { get; } = [Bmp280.Temperature, Bme280.Humidity, Bmp280.Pressure, new Quantity("gas_resistance", "Ohm", 0)];

    /// <summary>Heater 100 ms, and some 12 ms for three conversions and the gas sensor's, with a reserve: the chip's clock is not exact.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(140);

    public static bool IsRecognised(I2cDevice device) => device.ReadRegister(IdRegister) == ChipId;

    public ChipState Prepare()
    {
        if (!IsRecognised(device))
        {
            return ChipState.WrongChip;
        }
        Span<byte> first = stackalloc byte[Bme680Calibration.FirstLength];
        Span<byte> second = stackalloc byte[Bme680Calibration.SecondLength];
        Span<byte> third = stackalloc byte[Bme680Calibration.ThirdLength];
        device.ReadRegisters(FirstCalibrationRegister, first);
        device.ReadRegisters(SecondCalibrationRegister, second);
        device.ReadRegisters(ThirdCalibrationRegister, third);
        if (!Bme680Calibration.TryRead(first, second, third, out _calibration))
        {
            return ChipState.WrongChip;
        }
        _heaterResistance = _calibration.HeaterResistance(HeaterCelsius, UsualCelsius);
        return ChipState.Ready;
    }

    /// <summary>All settings each time, so that a chip that lost its power is never read by settings it no longer has. Pairs, section 6.2.1.</summary>
    public void Start() => device.Write(
    [
        HumidityControlRegister, HumidityOnce, HeaterResistanceRegister, _heaterResistance, HeaterTimeRegister, HeaterTime, HeaterRegister, 0,
        GasControlRegister, RunGas, ControlRegister, ForcedMode,
    ]);

    public void Finish(Span<Measured> values)
    {
        Span<byte> data = stackalloc byte[DataLength];
        device.ReadRegisters(DataRegister, data);
        int pressure = Bmp280.TwentyBits(data[2..]);
        int temperature = Bmp280.TwentyBits(data[5..]);
        int humidity = BinaryPrimitives.ReadUInt16BigEndian(data[8..]);
        if ((data[0] & (NewData | Measuring)) != NewData || temperature == Skipped)
        {
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        double fine = _calibration.FineTemperature(temperature);
        double celsius = Bme680Calibration.Celsius(fine);
        values[0] = Bmp280.CelsiusRange.Judge(celsius);
        values[1] = humidity == HumiditySkipped ? Measured.None(Quality.NotReady) : Measured.Good(_calibration.Percent(humidity, celsius));
        values[2] = pressure == Skipped ? Measured.None(Quality.NotReady) : Bmp280.PascalRange.Judge(_calibration.Pascal(pressure, fine));
        values[3] = Gas(data[13..]);
    }

    /// <summary>Ten bits, both validity bits, and the range, in two registers.</summary>
    private Measured Gas(ReadOnlySpan<byte> data)
    {
        if ((data[1] & GasValid) == 0)
        {
            return Measured.None(Quality.NotReady);
        }
        double ohm = _calibration.Ohm((data[0] << 2) | (data[1] >> 6), data[1] & 0x0F);
        // A plate that was not yet hot enough gives a resistance, though not the one that others can be compared with.
        return new Measured(ohm, (data[1] & HeaterStable) != 0 ? Quality.Good : Quality.Uncertain);
    }
}
