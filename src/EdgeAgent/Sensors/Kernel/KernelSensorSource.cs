using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Kernel.Hwmon;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Kernel.OneWire;
using EdgeAgent.Sensors.Kernel.Thermal;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>What the kernel's drivers measure and is read at a rate. A device is a group and has a thread; all thermal zones share one.</summary>
internal sealed class KernelSensorSource : ISensorSource, IReconfigurable, IDisposable
{
    /// <summary>
    /// Thermometers that are read at the same time. The kernel leaves a bus to others while a sensor with a supply of its own converts, so that
    /// several convert at once; those that are fed by the data line it reads one after the other, and eight of them are done before
    /// <see cref="BlockingThread.Patience"/> is over.
    /// </summary>
    private const int OneWireThreads = 8;

    private readonly BlockingSensors<(Framework Framework, KernelSensorOptions Options)> _sensors;
    private readonly ILogger<KernelDevice> _logger;

    public KernelSensorSource(AgentConfiguration configuration, TimeProvider time, ILogger<KernelDevice> logger)
    {
        (_sensors, _logger) = (new(EntriesOf, time), logger);
        Begin(configuration);
    }

    /// <summary>A section of the configuration.</summary>
    private enum Framework
    {
        Iio,
        Hwmon,
        OneWire,
        Thermal,
    }

    public ReadingSource Kind => ReadingSource.Kernel;

    public IEnumerable<SensorPlan> Sensors => _sensors.All;

    /// <summary>How many threads there are.</summary>
    public int Threads => _sensors.Threads.Count;

    public IReadOnlyList<SensorPlan> Ending(AgentConfiguration next) => _sensors.Ending(next);

    public Task RetireAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        _sensors.Retire(next);
        return Task.CompletedTask;
    }

    public Task BeginAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        Begin(next);
        return Task.CompletedTask;
    }

    public void Dispose() => _sensors.Dispose();

    private static IEnumerable<Entry<(Framework, KernelSensorOptions)>> EntriesOf(AgentConfiguration configuration)
    {
        KernelOptions kernel = configuration.Kernel;
        return new[] { (Framework.Iio, kernel.Iio), (Framework.Hwmon, kernel.Hwmon), (Framework.OneWire, kernel.OneWire), (Framework.Thermal, kernel.Thermal) }
            .SelectMany(section => section.Item2.Select(options => (section.Item1, options)))
            .Select(entry => new Entry<(Framework, KernelSensorOptions)>(configuration.IdentityOf($"{entry.Item1} {entry.options.Sampling.Source}"), entry));
    }

    private void Begin(AgentConfiguration configuration) => _sensors.Begin(configuration, entry =>
    {
        (IBlockingDevice device, string group) = Device(entry.Framework, entry.Options, configuration.Device.Hardware);
        return (device, entry.Options.Sampling, group);
    });

    private (IBlockingDevice Device, string Group) Device(Framework framework, KernelSensorOptions options, HardwareRoot root) => framework switch
    {
        Framework.Iio => (new KernelDevice(new IioDeviceFinder(root, options.Device!, options.Channels), _logger), $"iio-{options.Device}"),
        Framework.Hwmon => (new KernelDevice(new HwmonChipFinder(root, options.Device!, options.Channels), _logger), $"hwmon-{options.Device}"),
        Framework.OneWire => (new OneWireThermometer(root, options.Device!), LeastBusyOneWireGroup()),
        _ => (new KernelDevice(new ThermalZoneFinder(root, options.Device), _logger), "thermal"),
    };

    private string LeastBusyOneWireGroup() => Enumerable.Range(0, OneWireThreads).Select(number => $"onewire-{number}").MinBy(_sensors.Threads.SensorsOf)!;
}
