using EdgeAgent.Sensors.I2c.Simulation;

namespace EdgeAgent.Sensors.I2c;

/// <summary>One bus and the sensors on it, which come and go: it is opened with the first transfer of the first, and closed with the last.</summary>
internal sealed class SensorBus : IDisposable
{
    private readonly TimeProvider _time;
    private readonly SimulatedI2cBus? _simulated;
    private readonly SimulatedRoom? _room;
    private int _sensors;

    /// <summary>A bus of the machine.</summary>
    public SensorBus(I2cWire wire, TimeProvider time) => (Wire, _time) = (wire, time);

    /// <summary>A bus without wires; one room for all its sensors.</summary>
    public SensorBus(int seed, TimeProvider time)
    {
        _time = time;
        _room = new SimulatedRoom(seed, time);
        _simulated = new SimulatedI2cBus(new Dictionary<int, SimulatedChip>());
        Wire = new I2cWire(() => _simulated);
    }

    public I2cWire Wire { get; }

    public bool IsEmpty => _sensors == 0;

    public I2cSensor Add(I2cSensorOptions options)
    {
        _sensors++;
        _simulated?.Attach(options.Address, options.Chip.Simulate(_room!, _time));
        return new I2cSensor(options, Wire, _time);
    }

    /// <summary>The sensor at this address is not read any more.</summary>
    public void Remove(int address)
    {
        _sensors--;
        _simulated?.Detach(address);
        Wire.Leave(address);
    }

    public void Dispose() => Wire.Dispose();
}
