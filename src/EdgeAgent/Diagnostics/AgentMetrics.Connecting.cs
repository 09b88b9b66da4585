using System.Diagnostics.Metrics;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Diagnostics;

/// <content>What happens on the way to the service.</content>
internal sealed partial class AgentMetrics
{
    /// <summary>Attempts that gave no connection with a service at its end. The log has a sentence for each that a session waited for.</summary>
    public TotalBy<ConnectFailureCause> ConnectFailures { get; } =
        new("edge_agent.uplink.connect_failures", "{attempt}", "Attempts to connect to the service that failed, by cause.", "cause");

    private void PublishConnecting(Meter meter) => ConnectFailures.Publish(meter);
}
