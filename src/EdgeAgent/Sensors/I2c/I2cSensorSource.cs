using System.Device.I2c;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.I2c;

/// <summary>The chips of all buses. A bus is opened with the first transfer on it.</summary>
/// <param name="configuration">The buses, and where the kernel's files are.</param>
/// <param name="metrics">Counts failures by bus.</param>
/// <param name="time">The clock of conversions and deadlines.</param>
/// <param name="logger">Is told of buses that cannot be used, and that can again.</param>
/// <param name="lines">GPIO lines to clock a bus free with; null where there are none on this machine.</param>
internal sealed class I2cSensorSource(
    AgentConfiguration configuration, AgentMetrics metrics, TimeProvider time, ILogger<I2cWire> logger, IBusLinesSource? lines = null) : ISensorSource, IDisposable
{
    private readonly List<I2cWire> _wires = [];

    public ReadingSource Kind => ReadingSource.I2c;

    public IEnumerable<SensorPlan> Sensors
    {
        get
        {
            foreach (I2cBusOptions bus in configuration.I2cBuses)
            {
                I2cWire wire = bus.Bus is { } number ? Wire(bus, number) : new I2cWire(() => SimulatedI2cBus.Create(bus, time));
                _wires.Add(wire);
                foreach (I2cSensorOptions options in bus.Sensors)
                {
                    yield return new SensorPlan(new I2cSensor(options, wire, time), options.Sampling, $"i2c-{bus.Name}");
                }
            }
        }
    }

    public void Dispose() => _wires.ForEach(wire => wire.Dispose());

    private I2cWire Wire(I2cBusOptions bus, int number)
    {
        var driver = new DriverRebinding(configuration.Device.Hardware, number);
        var repair = new BusRepair(driver, lines, bus.Recovery.Lines);
        var supervision = new BusSupervision(bus.Name, repair, bus.Recovery.Steps, metrics, time, logger);
        return new I2cWire($"i2c-{bus.Name}", () => I2cBus.Create(number), supervision, bus.Timeout, time);
    }
}
