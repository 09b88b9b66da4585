using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>An INA226, with the arithmetic of its datasheet in integers.</summary>
internal sealed class SimulatedIna226(SimulatedRoom room, TimeProvider time) : SimulatedWordChip
{
    private const ushort AfterReset = 0x4127;

    /// <summary>2 × 16 samples of 1.1 ms.</summary>
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(35.2);

    private ushort _configuration = AfterReset;
    private ushort _calibration;
    private long _started = time.GetTimestamp();
    private bool _isTold;
    private (double Bus, double Shunt) _converting;

    public SimulatedSupply Supply { get; } = new(room);

    private int ShuntSteps => (int)Math.Clamp(Math.Round(_converting.Shunt / Ina226.ShuntStep), short.MinValue, short.MaxValue);

    private int CurrentSteps => (int)((long)ShuntSteps * _calibration / 2_048);

    public override void LosePower()
    {
        base.LosePower();
        (_configuration, _calibration) = (AfterReset, 0);
        Convert();
    }

    protected override void Store(byte register, ushort word)
    {
        if (register == Ina226.CalibrationRegister)
        {
            _calibration = (ushort)(word & 0x7FFF);
        }
        else if (register == Ina226.ConfigurationRegister)
        {
            _configuration = word;
            Convert();
        }
    }

    protected override ushort Load(byte register) => register switch
    {
        Ina226.ConfigurationRegister => _configuration,
        Ina226.ShuntRegister => (ushort)(short)ShuntSteps,
        Ina226.BusRegister => (ushort)Math.Clamp(Math.Round(_converting.Bus / Ina226.BusStep), 0, short.MaxValue),
        Ina226.CurrentRegister => unchecked((ushort)CurrentSteps),
        Ina226.CalibrationRegister => _calibration,
        Ina226.MaskRegister => (ushort)(TellReady() | (CurrentSteps is > short.MaxValue or < short.MinValue ? Ina226.Overflow : 0)),
        Ina226.ManufacturerRegister => Ina226.Manufacturer,
        Ina226.DieRegister => Ina226.Die,
        _ => 0,
    };

    /// <summary>The flag is cleared by being read.</summary>
    private int TellReady()
    {
        bool isReady = !_isTold && Fault != SimulatedFault.NotReady && time.GetElapsedTime(_started) >= Conversion;
        _isTold |= isReady;
        return isReady ? Ina226.Ready : 0;
    }

    private void Convert()
    {
        (_started, _isTold, _converting) = (time.GetTimestamp(), false, Supply.Now());
    }
}
