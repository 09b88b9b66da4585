namespace EdgeAgent.Reconfiguration;

/// <summary>What a change of the configuration asks for. The greater includes the lesser.</summary>
internal enum ReconfigurationNeed
{
    /// <summary>Both say the same.</summary>
    Nothing,

    /// <summary><see cref="LiveConfiguration.ApplyAsync"/> does it, and nothing else stops.</summary>
    Apply,

    /// <summary>The agent's inside has to be built anew: it is drained, and starts again on the same spool.</summary>
    Rebuild,
}
