namespace EdgeAgent.Torture.Kill;

/// <param name="Rounds">How often something is killed.</param>
/// <param name="Rate">Messages a second of each feed.</param>
/// <param name="Seed">Chooses the moments and the victims.</param>
/// <param name="IsJson">One line at the end instead of a table.</param>
internal sealed record KillOptions(int Rounds, int Rate, int Seed, bool IsJson);
