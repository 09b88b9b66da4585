using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <content>Whether the uplink gets on.</content>
internal sealed partial class AgentMetrics
{
    /// <summary>Each is a connection that was given up, unless the service answered on it. Rising together with a backlog: look at the log.</summary>
    public Total UplinkStalls { get; } = new(
        "edge_agent.uplink.stalls", "{occurrence}", "Times that a lane had something to send and nothing of it was acknowledged in time.");

    private void PublishProgress(Meter meter) => UplinkStalls.Publish(meter);
}
