namespace EdgeAgent.Torture.Network;

/// <param name="Rounds">How often the network or the service fails.</param>
/// <param name="Rate">Messages a second of each of the two feeds.</param>
/// <param name="Seed">Chooses the faults, their order and their moments.</param>
/// <param name="HasDefaults">The agent and the service have their default times; a round takes minutes.</param>
/// <param name="IsJson">One line at the end instead of a table.</param>
internal sealed record NetworkOptions(int Rounds, int Rate, int Seed, bool HasDefaults, bool IsJson);
