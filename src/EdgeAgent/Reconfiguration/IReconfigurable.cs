using EdgeAgent.Configuration;

namespace EdgeAgent.Reconfiguration;

/// <summary>
/// A stage of the agent that takes another configuration while it runs, in two steps, so that no reading meets half of the old and half of the new.
/// What is the same in both is not touched: it goes on without missing anything.
/// </summary>
internal interface IReconfigurable
{
    /// <summary>Ends what the next configuration does not have, or has otherwise. All that it gave has been handed on when this returns.</summary>
    Task RetireAsync(AgentConfiguration next, CancellationToken cancellationToken);

    /// <summary>Begins what the next configuration has beyond what runs. Waits for no hardware and no network.</summary>
    Task BeginAsync(AgentConfiguration next, CancellationToken cancellationToken);
}
