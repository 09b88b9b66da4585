using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>An INA219, with the arithmetic of its datasheet in integers.</summary>
internal sealed class SimulatedIna219(SimulatedRoom room, TimeProvider time) : SimulatedWordChip
{
    /// <summary>2 × 32 samples of 532 µs.</summary>
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(34.1);

    private ushort _configuration = Ina219.AfterReset;
    private ushort _calibration;
    private long _started = time.GetTimestamp();
    private (double Bus, double Shunt) _converting;

    public SimulatedSupply Supply { get; } = new(room);

    private bool IsReady => Fault != SimulatedFault.NotReady && time.GetElapsedTime(_started) >= Conversion;

    private int ShuntSteps
    {
        get
        {
            int end = 4_000 << ((_configuration >> 11) & 0b11);
            return (int)Math.Clamp(Math.Round(_converting.Shunt / Ina219.ShuntStep), -end, end);
        }
    }

    private int CurrentSteps => (int)((long)ShuntSteps * _calibration / 4_096);

    public override void LosePower()
    {
        base.LosePower();
        Reset();
        _calibration = 0;
    }

    protected override void Store(byte register, ushort word)
    {
        if (register == Ina219.CalibrationRegister)
        {
            _calibration = (ushort)(word & ~1);
        }
        else if (register == Ina219.ConfigurationRegister && (word & Ina219.Reset) != 0)
        {
            Reset();
            _calibration = 0;
        }
        else if (register == Ina219.ConfigurationRegister)
        {
            _configuration = word;
            Convert();
        }
    }

    protected override ushort Load(byte register) => register switch
    {
        Ina219.ConfigurationRegister => _configuration,
        Ina219.ShuntRegister => (ushort)(short)ShuntSteps,
        Ina219.BusRegister => (ushort)(((int)Math.Clamp(Math.Round(_converting.Bus / Ina219.BusStep), 0, 8_000) << 3)
            | (IsReady ? Ina219.Ready : 0)
            | (CurrentSteps is > short.MaxValue or < short.MinValue ? Ina219.Overflow : 0)),
        Ina219.CurrentRegister => unchecked((ushort)CurrentSteps),
        Ina219.CalibrationRegister => _calibration,
        _ => 0,
    };

    private void Reset()
    {
        _configuration = Ina219.AfterReset;
        Convert();
    }

    private void Convert()
    {
        _started = time.GetTimestamp();
        _converting = Supply.Now();
    }
}
