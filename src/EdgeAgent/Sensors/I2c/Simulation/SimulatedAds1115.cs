using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>An ADS1115: single shots of the channel and with the gain of its configuration; a start while it converts is not heard.</summary>
internal sealed class SimulatedAds1115(SimulatedRoom room, TimeProvider time) : SimulatedWordChip
{
    /// <summary>The configuration when the power comes on, without the idle bit.</summary>
    private const ushort AfterReset = 0x0583;

    /// <summary>The two inputs of channels 0 to 3.</summary>
    private static readonly (int Plus, int Minus)[] Pairs = [(0, 1), (0, 3), (1, 3), (2, 3)];

    private ushort _configuration = AfterReset;
    private short _conversion;
    private short _converting;
    private long? _started;

    public SimulatedInputs Inputs { get; } = new(room);

    private bool IsIdle => _started is not { } started
        || (Fault != SimulatedFault.NotReady && time.GetElapsedTime(started) >= TimeSpan.FromSeconds(1.0 / Ads1115.Rates[(_configuration >> 5) & 0b111]));

    public override void LosePower()
    {
        base.LosePower();
        (_configuration, _conversion, _started) = (AfterReset, 0, null);
    }

    protected override void Store(byte register, ushort word)
    {
        if (register != Ads1115.ConfigurationRegister)
        {
            return;
        }
        bool isStart = (word & Ads1115.Once) != 0 && IsIdle;
        Settle();
        _configuration = (ushort)(word & ~Ads1115.Once);
        if (isStart)
        {
            _converting = Convert();
            _started = time.GetTimestamp();
        }
    }

    protected override ushort Load(byte register)
    {
        Settle();
        return register switch
        {
            Ads1115.ConversionRegister => (ushort)_conversion,
            Ads1115.ConfigurationRegister => (ushort)(_configuration | (_started is null ? Ads1115.Idle : 0)),
            _ => 0,
        };
    }

    private void Settle()
    {
        if (_started is not null && IsIdle)
        {
            (_conversion, _started) = (_converting, null);
        }
    }

    private short Convert()
    {
        int channel = (_configuration >> 12) & 0b111;
        double volts = channel >= 4 ? Inputs.Volts(channel - 4) : Inputs.Volts(Pairs[channel].Plus) - Inputs.Volts(Pairs[channel].Minus);
        double fullScale = Ads1115.FullScales[Math.Min((_configuration >> 9) & 0b111, Ads1115.FullScales.Length - 1)];
        return (short)Math.Clamp(Math.Round(volts / fullScale * 32_768), short.MinValue, short.MaxValue);
    }
}
