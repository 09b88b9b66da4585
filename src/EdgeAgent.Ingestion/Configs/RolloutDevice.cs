using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>A device that a staged rollout is for.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Place">In the order of the rollout, from 0.</param>
/// <param name="Sent">When it was sent the version, in nanoseconds since 1970; 0: not yet.</param>
/// <param name="Outcome">What it said last.</param>
internal sealed record RolloutDevice(string Device, long Place, long Sent, ConfigOutcome Outcome);
