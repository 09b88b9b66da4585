using EdgeAgent.Batching;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>How often the cloud may expect a reading of a series, so that silence means a fault.</summary>
internal static class ExpectedInterval
{
    /// <param name="series">The name, which decides what rule is for it.</param>
    /// <param name="interval">How often it is measured.</param>
    /// <param name="rules">What is left out of batches. The first that is for the series counts.</param>
    /// <returns>The longest of the interval, the rule's minimum interval and, where readings that say nothing new are left out, its heartbeat.</returns>
    public static TimeSpan Of(string series, TimeSpan interval, IReadOnlyList<ReportRule> rules)
    {
        ReportRule rule = rules.FirstOrDefault(rule => rule.IsFor(series)) ?? ReportRule.Everything;
        TimeSpan heartbeat = rule.Deadband is null ? TimeSpan.Zero : rule.Heartbeat;
        return TimeSpan.FromTicks(Math.Max(interval.Ticks, Math.Max(rule.MinimumInterval.Ticks, heartbeat.Ticks)));
    }
}
