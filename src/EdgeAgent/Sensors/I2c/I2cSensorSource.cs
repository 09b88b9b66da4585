using System.Device.I2c;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c;

/// <summary>The chips of all buses. A bus is opened with the first transfer on it.</summary>
internal sealed class I2cSensorSource(AgentConfiguration configuration, TimeProvider time) : ISensorSource, IDisposable
{
    private readonly List<I2cWire> _wires = [];

    public ReadingSource Kind => ReadingSource.I2c;

    public IEnumerable<SensorPlan> Sensors
    {
        get
        {
            foreach (I2cBusOptions bus in configuration.I2cBuses)
            {
                var wire = new I2cWire(() => Open(bus));
                _wires.Add(wire);
                foreach (I2cSensorOptions options in bus.Sensors)
                {
                    yield return new SensorPlan(new I2cSensor(options, wire, time), options.Sampling, $"i2c-{bus.Name}");
                }
            }
        }
    }

    public void Dispose() => _wires.ForEach(wire => wire.Dispose());

    private I2cBus Open(I2cBusOptions bus) => bus.Bus is { } number ? I2cBus.Create(number) : SimulatedI2cBus.Create(bus, time);
}
