namespace EdgeAgent.Diagnostics;

/// <content>What is known of the time.</content>
internal sealed partial class AgentMetrics
{
    /// <summary>1 while times of readings are right, 0 while they are provisional. Looked at once a minute.</summary>
    public Level ClockKnown { get; } = new("edge_agent.clock.known", "1", "1 while the time is known, 0 while times of readings are provisional.");
}
