using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <content>How far the cloud is behind, and until when.</content>
internal sealed partial class AgentMetrics
{
    /// <summary>
    /// What a dashboard of the cloud lags by. It grows while the line is away, and also where nothing is measured: compare it with the batch window.
    /// </summary>
    public ObservedTime Freshness { get; } =
        new("edge_agent.uplink.freshness", "Age of the newest reading of the live lane that the cloud has.");

    public Level AlarmWaiting { get; } = new("edge_agent.uplink.waiting.alarm", "By", "Bytes of the alarm lane that the cloud does not have.");

    public Level LiveWaiting { get; } = new("edge_agent.uplink.waiting.live", "By", "Bytes of the live lane that the cloud does not have.");

    public Level BacklogWaiting { get; } = new("edge_agent.uplink.waiting.backlog", "By", "Bytes of the backlog that the cloud does not have.");

    public ObservedTime BacklogAge { get; } = new("edge_agent.uplink.backlog.age", "How long the oldest record of the backlog has waited, since the start at most.");

    /// <summary>Not there where nothing waits, and where it does not become less.</summary>
    public ObservedTime BacklogDrained { get; } =
        new("edge_agent.uplink.backlog.drained_in", "Time until the backlog is empty, at the rate at which it becomes less.");

    private void PublishLanes(Meter meter)
    {
        Freshness.Publish(meter);
        AlarmWaiting.Publish(meter);
        LiveWaiting.Publish(meter);
        BacklogWaiting.Publish(meter);
        BacklogAge.Publish(meter);
        BacklogDrained.Publish(meter);
    }
}
