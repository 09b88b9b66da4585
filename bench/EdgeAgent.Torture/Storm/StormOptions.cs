namespace EdgeAgent.Torture.Storm;

/// <param name="Agents">How many there are.</param>
/// <param name="Outage">How long the service is away.</param>
/// <param name="Every">How often each agent reads its sensor, and so opens a session.</param>
/// <param name="BackoffFirst">The agents' first step of the backoff.</param>
/// <param name="BackoffLast">And their last.</param>
/// <param name="IsJson">One line at the end instead of a table.</param>
internal sealed record StormOptions(int Agents, TimeSpan Outage, TimeSpan Every, TimeSpan BackoffFirst, TimeSpan BackoffLast, bool IsJson);
