using EdgeAgent.Sensors.I2c.Chips;

namespace EdgeAgent.Sensors.I2c.Simulation;

/// <summary>An MCP9808 that converts by itself; until the first conversion after its power came on is over it reads 0 °C.</summary>
internal sealed class SimulatedMcp9808(SimulatedRoom room, TimeProvider time) : SimulatedWordChip
{
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(250);

    private ushort _configuration;
    private long _powered = time.GetTimestamp();

    /// <summary>Null: the room's.</summary>
    public double? Celsius { get; set; }

    public override void LosePower()
    {
        base.LosePower();
        (_configuration, _powered) = (0, time.GetTimestamp());
    }

    protected override void Store(byte register, ushort word)
    {
        if (register == Mcp9808.ConfigurationRegister)
        {
            _configuration = word;
        }
    }

    protected override ushort Load(byte register) => register switch
    {
        Mcp9808.ConfigurationRegister => _configuration,
        Mcp9808.TemperatureRegister => time.GetElapsedTime(_powered) < Conversion ? (ushort)0 : Temperature(Celsius ?? room.Now().Celsius),
        Mcp9808.ManufacturerRegister => Mcp9808.Manufacturer,
        Mcp9808.DeviceRegister => Mcp9808.Device,
        _ => 0,
    };

    /// <summary>The limits of the alerts are 0 °C, so that it is at or above the critical and the upper one, or below the lower one.</summary>
    private static ushort Temperature(double celsius)
    {
        int sixteenths = (int)Math.Round(celsius * 16);
        int alerts = sixteenths > 0 ? 0xC000 : sixteenths == 0 ? 0x8000 : 0x2000;
        return (ushort)(alerts | (sixteenths & 0x1FFF));
    }
}
