using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <content>What happens on the lines of GPIO chips.</content>
internal sealed partial class AgentMetrics
{
    public Total GpioEdges { get; } = new("edge_agent.gpio.edges", "{edge}", "Edges read from the kernel's queues.");

    /// <summary>A counter counts them all the same; of a level or of edges each is a dropped reading; a quadrature does not know where it is.</summary>
    public Total GpioEdgesMissed { get; } = new("edge_agent.gpio.edges.missed", "{edge}", "Edges that found no room in the kernel's queue, by its sequence numbers.");

    public Total GpioIllegalSteps { get; } = new("edge_agent.gpio.steps.illegal", "{edge}", "Edges of a quadrature that cannot follow the one before.");

    private void PublishGpio(Meter meter)
    {
        GpioEdges.Publish(meter);
        GpioEdgesMissed.Publish(meter);
        GpioIllegalSteps.Publish(meter);
    }
}
