using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Texas Instruments INA226, datasheet SBOS547: one triggered conversion of the shunt's and the bus' voltage, each the mean of 16 samples of
/// 1.1 ms, which is 17.6 ms: about one period of the mains, so that its ripple does not beat with the polls.
/// </summary>
internal sealed class Ina226 : IChip
{
    /// <summary>Pins A1 and A0, each at one of four levels ("address pins and slave addresses").</summary>
    public static readonly int[] Addresses = [.. Enumerable.Range(0x40, 16)];

    /// <summary>±81.92 mV; the chip has no other range.</summary>
    public const double ShuntFullScale = 0.081_92;

    internal const byte ConfigurationRegister = 0x00, ShuntRegister = 0x01, BusRegister = 0x02, CurrentRegister = 0x04, CalibrationRegister = 0x05,
        MaskRegister = 0x06, ManufacturerRegister = 0xFE, DieRegister = 0xFF;

    /// <summary>"TI", and the die without its revision in the last four bits (registers FEh and FFh).</summary>
    internal const ushort Manufacturer = 0x5449, Die = 0x2260;

    /// <summary>Configuration: AVG 16 samples, VBUSCT and VSHCT 1.1 ms, MODE shunt and bus triggered. Bit 14 reads 1.</summary>
    internal const ushort Configuration = 0x4000 | (0b010 << 9) | (0b100 << 6) | (0b100 << 3) | 0b011;

    /// <summary>Mask/enable register: a conversion is ready; the chip's arithmetic ran over.</summary>
    internal const ushort Ready = 0b1000, Overflow = 0b0100;

    /// <summary>Steps: 2.5 µV of the shunt, 1.25 mV of the bus. The formula's constant: equation 1.</summary>
    internal const double ShuntStep = 0.000_002_5, BusStep = 0.001_25, Constant = 0.005_12;

    /// <summary>The calibration has 15 bits.</summary>
    private const ushort LargestCalibration = 0x7FFF;

    /// <summary>Volts that the bus pin may be given (recommended operating conditions), whatever the register could hold.</summary>
    private static readonly MeasuringRange BusRange = new(0, 36);

    private readonly I2cDevice _device;
    private readonly ushort _calibration;
    private readonly double _currentStep;

    public Ina226(I2cDevice device, ShuntOptions shunt)
    {
        _device = device;
        _calibration = shunt.Calibration(Constant, LargestCalibration);
        _currentStep = shunt.Step(Constant, _calibration);
        int decimals = Resolution.Decimals(_currentStep);
        Quantities = [new Quantity("voltage", "V", Resolution.Decimals(BusStep)), new Quantity("current", "A", decimals), new Quantity("power", "W", decimals)];
    }

    public IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Electrical characteristics: at most 1.21 ms a sample of 1.1 ms; 16 of them, for two voltages.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(39);

    public static bool IsRecognised(I2cDevice device) =>
        device.ReadWord(ManufacturerRegister) == Manufacturer && (device.ReadWord(DieRegister) & 0xFFF0) == Die;

    public ChipState Prepare() => IsRecognised(_device) ? ChipState.Ready : ChipState.WrongChip;

    public void Start()
    {
        _device.WriteWord(CalibrationRegister, _calibration);
        // Clears the ready flag and starts the conversion.
        _device.WriteWord(ConfigurationRegister, Configuration);
    }

    public void Finish(Span<Measured> values)
    {
        ushort mask = _device.ReadWord(MaskRegister);
        // A chip that lost its power converts by itself, without a calibration: its current would be a well-formed 0.
        if ((mask & Ready) == 0 || _device.ReadWord(CalibrationRegister) != _calibration)
        {
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        double volts = _device.ReadWord(BusRegister) * BusStep;
        short shunt = (short)_device.ReadWord(ShuntRegister);
        double amperes = (short)_device.ReadWord(CurrentRegister) * _currentStep;
        bool isBeyond = (mask & Overflow) != 0 || shunt is short.MaxValue or short.MinValue;
        values[0] = BusRange.Judge(volts);
        values[1] = isBeyond ? Measured.None(Quality.OutOfRange) : Measured.Good(amperes);
        // Not the chip's power register: that one has no sign, and coarser steps.
        values[2] = isBeyond || values[0].Quality != Quality.Good ? Measured.None(Quality.OutOfRange) : Measured.Good(volts * amperes);
    }
}
