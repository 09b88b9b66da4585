using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Sensors.Kernel.Hwmon;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Kernel.OneWire;
using EdgeAgent.Sensors.Kernel.Thermal;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>What the kernel's drivers measure and is read at a rate. A device is a group and has a thread; all thermal zones share one.</summary>
internal sealed class KernelSensorSource(AgentConfiguration configuration, TimeProvider time, ILogger<KernelDevice> logger) : ISensorSource, IDisposable
{
    /// <summary>
    /// Thermometers that are read at the same time. The kernel leaves a bus to others while a sensor with a supply of its own converts, so that
    /// several convert at once; those that are fed by the data line it reads one after the other, and eight of them are done before
    /// <see cref="BlockingThread.Patience"/> is over.
    /// </summary>
    private const int OneWireThreads = 8;

    private readonly Dictionary<string, BlockingThread> _threads = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _devices = [];

    public ReadingSource Kind => ReadingSource.Kernel;

    public IEnumerable<SensorPlan> Sensors
    {
        get
        {
            HardwareRoot root = configuration.Device.Hardware;
            KernelOptions options = configuration.Kernel;
            foreach (KernelSensorOptions iio in options.Iio)
            {
                yield return Plan(new KernelDevice(new IioDeviceFinder(root, iio.Device!, iio.Channels), logger), iio, $"iio-{iio.Device}");
            }
            foreach (KernelSensorOptions hwmon in options.Hwmon)
            {
                yield return Plan(new KernelDevice(new HwmonChipFinder(root, hwmon.Device!, hwmon.Channels), logger), hwmon, $"hwmon-{hwmon.Device}");
            }
            foreach ((int i, KernelSensorOptions thermometer) in options.OneWire.Index())
            {
                yield return Plan(new OneWireThermometer(root, thermometer.Device!), thermometer, $"onewire-{i % OneWireThreads}");
            }
            foreach (KernelSensorOptions zone in options.Thermal)
            {
                yield return Plan(new KernelDevice(new ThermalZoneFinder(root, zone.Device), logger), zone, "thermal");
            }
        }
    }

    public void Dispose()
    {
        foreach (BlockingThread thread in _threads.Values)
        {
            thread.Dispose();
        }
        _devices.ForEach(device => device.Dispose());
    }

    private SensorPlan Plan<TDevice>(TDevice device, KernelSensorOptions options, string group)
        where TDevice : IBlockingDevice, IDisposable
    {
        if (!_threads.TryGetValue(group, out BlockingThread? thread))
        {
            _threads[group] = thread = new BlockingThread(group, time);
        }
        _devices.Add(device);
        return new SensorPlan(new KernelSensor(device, thread), options.Sampling, group);
    }
}
