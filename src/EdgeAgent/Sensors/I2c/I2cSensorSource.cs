using System.Device.I2c;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.I2c;

/// <summary>The chips of all buses. A bus is opened with the first transfer on it, and closed when the configuration has no chip on it any more.</summary>
internal sealed class I2cSensorSource : ISensorSource, IReconfigurable, IDisposable
{
    private readonly AgentMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<I2cWire> _logger;
    private readonly IBusLinesSource? _lines;
    private readonly RunningEntries<(I2cBusOptions Bus, I2cSensorOptions Sensor), Seated> _sensors = new(EntriesOf);
    private readonly Dictionary<string, SensorBus> _buses = new(StringComparer.Ordinal);

    /// <summary>Closed while a turn hung in the kernel, by the name of the bus.</summary>
    private readonly Dictionary<string, I2cWire> _leftBehind = new(StringComparer.Ordinal);

    /// <param name="configuration">The buses, and where the kernel's files are.</param>
    /// <param name="metrics">Counts failures by bus.</param>
    /// <param name="time">The clock of conversions and deadlines.</param>
    /// <param name="logger">Is told of buses that cannot be used, and that can again.</param>
    /// <param name="lines">GPIO lines to clock a bus free with; null where there are none on this machine.</param>
    public I2cSensorSource(
        AgentConfiguration configuration, AgentMetrics metrics, TimeProvider time, ILogger<I2cWire> logger, IBusLinesSource? lines = null)
    {
        (_metrics, _time, _logger, _lines) = (metrics, time, logger, lines);
        Begin(configuration);
    }

    public ReadingSource Kind => ReadingSource.I2c;

    public IEnumerable<SensorPlan> Sensors => [.. _sensors.All.Select(sensor => sensor.Plan)];

    /// <summary>How many buses are in use, opened or about to be.</summary>
    public int Buses => _buses.Count;

    public IReadOnlyList<SensorPlan> Ending(AgentConfiguration next) => [.. _sensors.Ending(next).Select(sensor => sensor.Plan)];

    public Task RetireAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        foreach (Seated sensor in _sensors.Retire(next))
        {
            sensor.Bus.Remove(sensor.Address);
        }
        foreach ((string name, SensorBus bus) in _buses.Where(bus => bus.Value.IsEmpty).ToArray())
        {
            _buses.Remove(name);
            bus.Dispose();
            if (bus.Wire.IsAtWork)
            {
                _leftBehind[name] = bus.Wire;
            }
        }
        return Task.CompletedTask;
    }

    public Task BeginAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        Begin(next);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (SensorBus bus in _buses.Values)
        {
            bus.Dispose();
        }
        _buses.Clear();
    }

    /// <summary>A chip inherits all that the bus's entry says besides its sensors.</summary>
    private static IEnumerable<Entry<(I2cBusOptions, I2cSensorOptions)>> EntriesOf(AgentConfiguration configuration) =>
        from bus in configuration.I2cBuses
        from sensor in bus.Sensors
        select new Entry<(I2cBusOptions, I2cSensorOptions)>(configuration.IdentityOf($"{bus.Source}\n{sensor.Sampling.Source}"), (bus, sensor));

    private void Begin(AgentConfiguration configuration) => _sensors.Begin(configuration, entry =>
    {
        if (!_buses.TryGetValue(entry.Bus.Name, out SensorBus? bus))
        {
            _buses[entry.Bus.Name] = bus = Bus(entry.Bus, configuration.Device.Hardware);
        }
        return new Seated(new SensorPlan(bus.Add(entry.Sensor), entry.Sensor.Sampling, $"i2c-{entry.Bus.Name}"), bus, entry.Sensor.Address);
    });

    private SensorBus Bus(I2cBusOptions bus, HardwareRoot root)
    {
        if (bus.Bus is not { } number)
        {
            return new SensorBus(bus.Seed, _time);
        }
        var repair = new BusRepair(new DriverRebinding(root, number), _lines, bus.Recovery.Lines);
        var supervision = new BusSupervision(bus.Name, repair, bus.Recovery.Steps, _metrics, _time, _logger);
        _leftBehind.Remove(bus.Name, out I2cWire? former);
        return new SensorBus(new I2cWire($"i2c-{bus.Name}", () => Open(number, former), supervision, bus.Timeout, _time), _time);
    }

    /// <exception cref="IOException">There is no such bus, or a transfer of its former owner hangs on it.</exception>
    private static I2cBus Open(int number, I2cWire? former) =>
        former is { IsAtWork: true } ? throw new IOException("A transfer that was begun under the former configuration still hangs on this bus.") : I2cBus.Create(number);

    /// <summary>A sensor in its place.</summary>
    private sealed record Seated(SensorPlan Plan, SensorBus Bus, int Address);
}
