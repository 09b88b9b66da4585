using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>The device itself, as one sensor with a thread of its own: a disk that hangs holds whoever asks how full it is.</summary>
internal sealed class HostSensorSource : ISensorSource, IReconfigurable, IDisposable
{
    private const string Group = "host";

    private readonly TimeProvider _time;
    private readonly BlockingSensors<HostOptions> _sensors;

    public HostSensorSource(AgentConfiguration configuration, TimeProvider time)
    {
        (_time, _sensors) = (time, new(EntriesOf, time));
        Begin(configuration);
    }

    public ReadingSource Kind => ReadingSource.Host;

    public IEnumerable<SensorPlan> Sensors => _sensors.All;

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

    private static IEnumerable<Entry<HostOptions>> EntriesOf(AgentConfiguration configuration) =>
        configuration.Host is { } host ? [new Entry<HostOptions>(configuration.IdentityOf(host.Sampling.Source), host)] : [];

    private void Begin(AgentConfiguration configuration) => _sensors.Begin(
        configuration, options => (new HostHealth([.. options.Subjects.Select(subject => Probe(subject, configuration.Device.Hardware))]), options.Sampling, Group));

    private IHostProbe Probe(HostSubject subject, HardwareRoot root)
    {
        return subject switch
        {
            HostSubject.Cpu => new CpuProbe(root),
            HostSubject.Load => new LoadProbe(root),
            HostSubject.Memory => new MemoryProbe(root),
            HostSubject.Disks => new DiskProbe(root),
            HostSubject.Network => new NetworkProbe(root, _time),
            HostSubject.Uptime => new UptimeProbe(root),
            HostSubject.Process => new ProcessProbe(root, _time),
            HostSubject.Power => new PowerProbe(root),
            _ => new FlashProbe(root, _time),
        };
    }
}
