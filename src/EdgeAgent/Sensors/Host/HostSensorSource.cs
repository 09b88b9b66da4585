using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>The device itself, as one sensor with a thread of its own: a disk that hangs holds whoever asks how full it is.</summary>
internal sealed class HostSensorSource(AgentConfiguration configuration, TimeProvider time) : ISensorSource, IDisposable
{
    private const string Group = "host";

    private readonly BlockingThread _thread = new(Group, time);
    private HostHealth? _health;

    public ReadingSource Kind => ReadingSource.Host;

    public IEnumerable<SensorPlan> Sensors
    {
        get
        {
            HostOptions options = configuration.Host!; // there is no such source without
            _health = new HostHealth([.. options.Subjects.Select(Probe)]);
            yield return new SensorPlan(new KernelSensor(_health, _thread), options.Sampling, Group);
        }
    }

    public void Dispose()
    {
        _thread.Dispose();
        _health?.Dispose();
    }

    private IHostProbe Probe(HostSubject subject)
    {
        HardwareRoot root = configuration.Device.Hardware;
        return subject switch
        {
            HostSubject.Cpu => new CpuProbe(root),
            HostSubject.Load => new LoadProbe(root),
            HostSubject.Memory => new MemoryProbe(root),
            HostSubject.Disks => new DiskProbe(root),
            HostSubject.Network => new NetworkProbe(root, time),
            HostSubject.Uptime => new UptimeProbe(root),
            HostSubject.Process => new ProcessProbe(root, time),
            HostSubject.Power => new PowerProbe(root),
            _ => new FlashProbe(root, time),
        };
    }
}
