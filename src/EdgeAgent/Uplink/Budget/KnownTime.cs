namespace EdgeAgent.Uplink.Budget;

/// <summary>The time, where it is known; null while a wall clock is all that there is and nobody vouches for it.</summary>
internal delegate DateTimeOffset? KnownTime();
