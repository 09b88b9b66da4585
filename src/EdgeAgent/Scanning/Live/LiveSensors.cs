using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Native;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Scanning.Live;

/// <summary>
/// All that a configuration reads at a rate, and the levels of its input lines: the agent's own drivers, without its pipe. A stuck bus is opened anew and
/// not more: its driver and its lines are left to the agent. Nothing is opened before it is measured.
/// </summary>
internal sealed class LiveSensors : IDisposable
{
    private readonly AgentMetrics _metrics = new();
    private readonly List<IDisposable> _owned = [];
    private readonly List<SensorPlan> _plans = [];

    public LiveSensors(AgentConfiguration configuration, TimeProvider time, ILoggerFactory loggers)
    {
        var bounded = new AgentConfiguration
        {
            Device = configuration.Device,
            I2cBuses = [.. configuration.I2cBuses.Select(bus => new I2cBusOptions { Bus = bus.Bus, Seed = bus.Seed, Timeout = bus.Timeout, Sensors = bus.Sensors })],
            Kernel = configuration.Kernel,
            Host = configuration.Host,
        };
        Own(new I2cSensorSource(bounded, _metrics, time, loggers.CreateLogger<I2cWire>()));
        Own(new KernelSensorSource(bounded, time, loggers.CreateLogger<KernelDevice>()));
        Own(new HostSensorSource(bounded, time));
        var kernel = new KernelGpio(configuration.Device.Hardware);
        SimulatedGpio simulated = SimulatedGpio.Of(configuration.GpioLines, time);
        // An output's value only its driver knows, and asking for it as an input would let it go.
        foreach (GpioLineOptions line in configuration.GpioLines.Where(line => line.Mode != GpioMode.Output))
        {
            var level = new LineLevel(line, line.Address.Chip == ChipSelector.Simulated ? simulated : kernel);
            _owned.Add(level);
            _plans.Add(new SensorPlan(level, line.Sampling, "gpio"));
        }
    }

    public IReadOnlyList<SensorPlan> Plans => _plans;

    public void Dispose()
    {
        _owned.ForEach(source => source.Dispose());
        _metrics.Dispose();
    }

    private void Own<TSource>(TSource source)
        where TSource : ISensorSource, IDisposable
    {
        _owned.Add(source);
        _plans.AddRange(source.Sensors);
    }
}
