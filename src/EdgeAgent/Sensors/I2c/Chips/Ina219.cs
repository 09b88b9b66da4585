using System.Device.I2c;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Texas Instruments INA219, datasheet SBOS448: one triggered conversion of the shunt's and the bus' voltage, each the mean of 32 samples, which
/// is 17 ms: about one period of the mains, so that its ripple does not beat with the polls.
/// </summary>
internal sealed class Ina219 : IChip
{
    /// <summary>Pins A1 and A0, each at one of four levels ("address pins and slave addresses").</summary>
    public static readonly int[] Addresses = [.. Enumerable.Range(0x40, 16)];

    /// <summary>±320 mV with the gain of 1/8.</summary>
    public const double ShuntFullScale = 0.320;

    internal const byte ConfigurationRegister = 0x00, ShuntRegister = 0x01, BusRegister = 0x02, CurrentRegister = 0x04, CalibrationRegister = 0x05;

    /// <summary>Configuration: reset, and what it reads afterwards.</summary>
    internal const ushort Reset = 0x8000, AfterReset = 0x399F;

    /// <summary>Bus voltage register: a conversion is ready; the chip's arithmetic ran over.</summary>
    internal const ushort Ready = 0b10, Overflow = 0b01;

    /// <summary>Steps: 10 µV of the shunt, 4 mV of the bus. The formula's constant: equation 1.</summary>
    internal const double ShuntStep = 0.000_010, BusStep = 0.004, Constant = 0.040_96;

    /// <summary>BRNG: 32 V. BADC, SADC: 32 samples of 12 bits ("ADC settings"). MODE: shunt and bus, triggered.</summary>
    private const ushort Range32Volts = 0x2000, BusSamples = 0b1101 << 7, ShuntSamples = 0b1101 << 3, TriggeredBoth = 0b011;

    /// <summary>Bit 0 of the calibration cannot be written.</summary>
    private const ushort LargestCalibration = 0xFFFE;

    /// <summary>Volts that the bus pin may be given (recommended operating conditions), whatever the register could hold.</summary>
    private static readonly MeasuringRange BusRange = new(0, 26);

    private readonly I2cDevice _device;
    private readonly ushort _configuration;
    private readonly ushort _calibration;
    private readonly double _currentStep;
    private readonly int _shuntEnd;

    public Ina219(I2cDevice device, ShuntOptions shunt)
    {
        _device = device;
        // PG: 0 to 3 stand for 40, 80, 160 and 320 mV; the register's step is the same for all of them.
        int gain = 0;
        while (gain < 3 && 0.040 * (1 << gain) < shunt.MaximumAmperes * shunt.Ohms)
        {
            gain++;
        }
        _shuntEnd = 4_000 << gain;
        _configuration = (ushort)(Range32Volts | (gain << 11) | BusSamples | ShuntSamples | TriggeredBoth);
        _calibration = (ushort)(shunt.Calibration(Constant, LargestCalibration) & ~1);
        _currentStep = shunt.Step(Constant, _calibration);
        int decimals = Resolution.Decimals(_currentStep);
        Quantities = [new Quantity("voltage", "V", Resolution.Decimals(BusStep)), new Quantity("current", "A", decimals), new Quantity("power", "W", decimals)];
    }

    public IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Electrical characteristics: at most 586 µs a sample of 12 bits; 32 of them, for two voltages.</summary>
    public TimeSpan MeasurementTime { get; } = TimeSpan.FromMilliseconds(38);

    /// <summary>The chip has no identity; what its configuration is after a reset tells it from others.</summary>
    public ChipState Prepare()
    {
        _device.WriteWord(ConfigurationRegister, Reset);
        return _device.ReadWord(ConfigurationRegister) == AfterReset ? ChipState.Ready : ChipState.WrongChip;
    }

    public void Start()
    {
        _device.WriteWord(CalibrationRegister, _calibration);
        // Clears the ready flag and starts the conversion.
        _device.WriteWord(ConfigurationRegister, _configuration);
    }

    public void Finish(Span<Measured> values)
    {
        ushort bus = _device.ReadWord(BusRegister);
        // A chip that lost its power converts by itself, without a calibration: its current would be a well-formed 0.
        if ((bus & Ready) == 0 || _device.ReadWord(CalibrationRegister) != _calibration)
        {
            values.Fill(Measured.None(Quality.NotReady));
            return;
        }
        double volts = (bus >> 3) * BusStep;
        int shunt = (short)_device.ReadWord(ShuntRegister);
        double amperes = (short)_device.ReadWord(CurrentRegister) * _currentStep;
        bool isBeyond = (bus & Overflow) != 0 || Math.Abs(shunt) >= _shuntEnd;
        values[0] = BusRange.Judge(volts);
        values[1] = isBeyond ? Measured.None(Quality.OutOfRange) : Measured.Good(amperes);
        // Not the chip's power register: that one has no sign, and coarser steps.
        values[2] = isBeyond || values[0].Quality != Quality.Good ? Measured.None(Quality.OutOfRange) : Measured.Good(volts * amperes);
    }
}
