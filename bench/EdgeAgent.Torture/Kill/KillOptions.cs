namespace EdgeAgent.Torture.Kill;

/// <param name="Rounds">How often something is killed.</param>
/// <param name="Rate">Messages a second of each feed.</param>
/// <param name="Seed">Chooses the moments and the victims.</param>
/// <param name="IsJson">One line at the end instead of a table.</param>
/// <param name="Durability">The agent's spool.durability.</param>
/// <param name="WithBroker">A feed through mosquitto as well. What a broker sends again is always written, so without it memory holds more.</param>
internal sealed record KillOptions(int Rounds, int Rate, int Seed, bool IsJson, string Durability, bool WithBroker);
