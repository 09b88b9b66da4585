using EdgeAgent.Configuration;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>Sensors whose devices block, with the threads of their groups, as the configuration names them.</summary>
/// <param name="entriesOf">All entries of a configuration.</param>
/// <param name="time">For the threads' patience.</param>
internal sealed class BlockingSensors<TOptions>(Func<AgentConfiguration, IEnumerable<Entry<TOptions>>> entriesOf, TimeProvider time) : IDisposable
{
    private readonly RunningEntries<TOptions, SensorPlan> _sensors = new(entriesOf);

    public BlockingThreads Threads { get; } = new(time);

    public IReadOnlyList<SensorPlan> All => _sensors.All;

    public IReadOnlyList<SensorPlan> Ending(AgentConfiguration next) => _sensors.Ending(next);

    public void Retire(AgentConfiguration next)
    {
        foreach (SensorPlan plan in _sensors.Retire(next))
        {
            ((KernelSensor)plan.Sensor).Dispose();
            Threads.Leave(plan.Group);
        }
        Threads.Sweep();
    }

    /// <param name="next">The configuration that comes into force.</param>
    /// <param name="plan">What an entry says: a device, when it is read, and the group whose thread reads it.</param>
    public void Begin(AgentConfiguration next, Func<TOptions, (IBlockingDevice Device, SensorOptions Sampling, string Group)> plan) => _sensors.Begin(next, options =>
    {
        (IBlockingDevice device, SensorOptions sampling, string group) = plan(options);
        return new SensorPlan(new KernelSensor(device, Threads.Enter(group)), sampling, group);
    });

    public void Dispose()
    {
        Threads.Dispose();
        foreach (SensorPlan plan in _sensors.RetireAll())
        {
            ((KernelSensor)plan.Sensor).Dispose();
        }
    }
}
