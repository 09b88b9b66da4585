using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <content>What the line costs. Bytes on the socket in both directions; those of TCP and IP are not among them.</content>
internal sealed partial class AgentMetrics
{
    public Level TrafficDay { get; } = new("edge_agent.traffic.day", "By", "Bytes that passed the line in the day that runs, both directions.");

    public Level TrafficMonth { get; } = new("edge_agent.traffic.month", "By", "Bytes that passed the line in the month of the bill that runs, both directions.");

    /// <summary>Means nothing without a budget.</summary>
    public Level TrafficDayLeft { get; } = new("edge_agent.traffic.day.left", "By", "What is left of budget.perDay; negative where alarms took more.");

    /// <inheritdoc cref="TrafficDayLeft"/>
    public Level TrafficMonthLeft { get; } = new("edge_agent.traffic.month.left", "By", "What is left of budget.perMonth; negative where alarms took more.");

    /// <summary>To be alarmed about where it is more than the budget.</summary>
    public Level TrafficMonthExpected { get; } =
        new("edge_agent.traffic.month.expected", "By", "Bytes at the end of the month of the bill, if it goes on as in the last days.");

    public Level LiveHeld { get; } = new("edge_agent.uplink.live.held", "s", "How long live data is held back for the budget from now; 0 while it may go.");

    public Level BacklogHeld { get; } =
        new("edge_agent.uplink.backlog.held", "s", "How long the backlog is held back for the budget or its windows from now, of a window 10 min at most; 0 while it may go.");

    private void PublishTraffic(Meter meter)
    {
        TrafficDay.Publish(meter);
        TrafficMonth.Publish(meter);
        TrafficDayLeft.Publish(meter);
        TrafficMonthLeft.Publish(meter);
        TrafficMonthExpected.Publish(meter);
        LiveHeld.Publish(meter);
        BacklogHeld.Publish(meter);
    }
}
