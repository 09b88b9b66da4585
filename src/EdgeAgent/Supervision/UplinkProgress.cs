namespace EdgeAgent.Supervision;

/// <summary>How the uplink gets on, for whoever decides about the process.</summary>
/// <param name="IsStalled">A lane had something to send, and over so many attempts in a row as the options say nothing of it was acknowledged.</param>
/// <param name="FruitlessConnections">The most in a row of any lane.</param>
/// <param name="SinceAcknowledged">How long ago the service last acknowledged something of any lane; null where it never has.</param>
internal readonly record struct UplinkProgress(bool IsStalled, int FruitlessConnections, TimeSpan? SinceAcknowledged);
