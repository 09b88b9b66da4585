using System.Diagnostics.Metrics;
using EdgeAgent.Sensors.I2c.Bus;

namespace EdgeAgent.Diagnostics;

/// <content>What happens on I2C buses, each told apart by the attribute <c>bus</c>.</content>
internal sealed partial class AgentMetrics
{
    private const string Failures = "edge_agent.i2c.failures", Recoveries = "edge_agent.i2c.recoveries", Stuck = "edge_agent.i2c.stuck";
    private const string FailuresText = "Transfers that failed, by cause.", RecoveriesText = "Attempts to get a stuck bus going again, by step.",
        StuckText = "1 while no chip on the bus can be reached, else 0.";

    /// <summary>Each is a transfer, or a whole turn that a stuck bus could not give.</summary>
    public ByPlace<TotalBy<I2cFailureCause>> I2cFailures { get; } = new("bus", () => new(Failures, "{transfer}", FailuresText, "cause"));

    public ByPlace<TotalBy<RecoveryStep>> I2cRecoveries { get; } = new("bus", () => new(Recoveries, "{attempt}", RecoveriesText, "step"));

    /// <summary>To be alarmed about.</summary>
    public ByPlace<Level> I2cStuck { get; } = new("bus", () => new(Stuck, "1", StuckText));

    private void PublishI2c(Meter meter)
    {
        meter.CreateObservableCounter(Failures, () => I2cFailures.All.SelectMany(bus => bus.Counter.Observe(bus.Place)), "{transfer}", FailuresText);
        meter.CreateObservableCounter(Recoveries, () => I2cRecoveries.All.SelectMany(bus => bus.Counter.Observe(bus.Place)), "{attempt}", RecoveriesText);
        meter.CreateObservableGauge(Stuck, () => I2cStuck.All.Select(bus => new Measurement<long>(bus.Counter.Value, bus.Place)), "1", StuckText);
    }
}
