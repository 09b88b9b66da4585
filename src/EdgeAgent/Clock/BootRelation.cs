namespace EdgeAgent.Clock;

/// <summary>What became known of the clock of one boot of the machine.</summary>
/// <param name="BootId">Which.</param>
/// <param name="Offset">Unix time less the time since boot, in nanoseconds.</param>
/// <param name="Uncertainty">How far that may be off, in either direction.</param>
internal readonly record struct BootRelation(Guid BootId, long Offset, long Uncertainty);
