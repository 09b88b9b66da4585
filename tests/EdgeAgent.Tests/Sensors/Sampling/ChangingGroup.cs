using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Sampling;

/// <summary>A source whose next sensors a test names; those that are the same objects stay.</summary>
internal sealed class ChangingGroup : ISensorSource
{
    public ReadingSource Kind => ReadingSource.Kernel;

    public IEnumerable<SensorPlan> Sensors { get; private set; } = [];

    private SensorPlan[] Next { get; set; } = [];

    public IReadOnlyList<SensorPlan> Ending(AgentConfiguration next) => [.. Sensors.Except(Next)];

    public void Begin(params SensorPlan[] plans) => Sensors = plans;

    /// <summary>As the agent does it: the sampler lets go before the source, and begins after it.</summary>
    public async Task ChangeAsync(SamplingService sampling, params SensorPlan[] next)
    {
        await RetireAsync(sampling, next);
        Sensors = next;
        await sampling.BeginAsync(new AgentConfiguration(), CancellationToken.None);
    }

    public Task RetireAsync(SamplingService sampling, params SensorPlan[] next)
    {
        Next = next;
        return sampling.RetireAsync(new AgentConfiguration(), CancellationToken.None);
    }
}
