using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>What a sequence counts within: one lane of one buffer of one device.</summary>
/// <param name="Device">As its certificate names it.</param>
/// <param name="Spool">The 16 bytes of SessionOpen.spool_id.</param>
/// <param name="Lane">Alarm, live or backlog.</param>
internal readonly record struct SourceKey(string Device, Guid Spool, Lane Lane);
