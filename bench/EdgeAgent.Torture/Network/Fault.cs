namespace EdgeAgent.Torture.Network;

/// <summary>Something that goes wrong between agent and service.</summary>
/// <param name="Name">What the table and the figures call it.</param>
/// <param name="BeginAsync">From now on it is wrong.</param>
/// <param name="EndAsync">Everything is well again when this returns, but for connections that have died.</param>
/// <param name="IsCut">It has happened only when a connection was cut, and lasts until then.</param>
internal sealed record Fault(string Name, Func<NetworkSite, Task> BeginAsync, Func<NetworkSite, Task> EndAsync, bool IsCut = false);
