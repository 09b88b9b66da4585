using EdgeAgent.Configuration;
using EdgeAgent.Reconfiguration;

namespace EdgeAgent.Batching;

/// <content>What the batcher does when rules and bounds of batches change.</content>
internal sealed partial class Batcher : IReconfigurable
{
    /// <summary>
    /// Waits until everything that sources have written by now has gone by the present rules. While the spool takes nothing the channel stands still, and so
    /// would the change that may be the cure: then what waits goes by the next rules.
    /// </summary>
    public Task RetireAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        long? through = null;
        return _errands.DoAsync(() =>
        {
            through ??= _taken + _channel.Reader.Count;
            return _taken >= through || State is BatcherState.Held or BatcherState.Reopening;
        }).WaitAsync(cancellationToken);
    }

    /// <summary>Between two readings: the one goes by the old rules, and the next by the new ones.</summary>
    public Task BeginAsync(AgentConfiguration next, CancellationToken cancellationToken) => _errands.DoAsync(() =>
    {
        _options.Use(next.Batch);
        _processor.Use(next.Report, Now);
        _rules.Use(next.Report, Now);
        return true;
    }).WaitAsync(cancellationToken);
}
