using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>
/// A thermometer of the LM75's family: one that converts by itself, or one that sleeps and converts once when told to. Until the first
/// conversion after its power came on is over it reads 0 °C.
/// </summary>
internal sealed class SimulatedLm75(Lm75Model model, SimulatedRoom room, TimeProvider time) : SimulatedWordChip
{
    private ushort _configuration = AfterReset(model);
    private ushort _converted;
    private long _started = time.GetTimestamp();

    /// <summary>Null: the room's.</summary>
    public double? Celsius { get; set; }

    private bool IsOver => Fault != SimulatedFault.NotReady && time.GetElapsedTime(_started) >= 0.9 * model.Conversion;

    public override void LosePower()
    {
        base.LosePower();
        (_configuration, _converted, _started) = (AfterReset(model), 0, time.GetTimestamp());
    }

    protected override void Store(byte register, ushort word)
    {
        if (register != Lm75.ConfigurationRegister)
        {
            return;
        }
        Settle();
        _configuration = (ushort)(word & ~model.Once);
        if (model.Once != 0 && (word & model.Once) != 0)
        {
            _started = time.GetTimestamp();
        }
    }

    protected override ushort Load(byte register)
    {
        Settle();
        return register switch
        {
            Lm75.TemperatureRegister => _converted,
            Lm75.ConfigurationRegister => (ushort)(_configuration | (IsOver ? model.Done : 0)),
            _ => 0,
        };
    }

    private void Settle()
    {
        if (IsOver)
        {
            int steps = (int)Math.Round((Celsius ?? room.Now().Celsius) / model.Step);
            // The lowest bit of the extended mode says that it is on.
            _converted = (ushort)((steps << (16 - model.Bits)) | (model.Bits == 13 ? 1 : 0));
        }
    }

    /// <summary>TMP102: 12 bits, converting by itself. All others: zero.</summary>
    private static ushort AfterReset(Lm75Model model) => model.ConfigurationBytes == 2 ? (ushort)0x60A0 : (ushort)0;
}
