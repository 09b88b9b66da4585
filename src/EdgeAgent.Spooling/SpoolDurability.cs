namespace EdgeAgent.Spooling;

/// <summary>When records go to flash.</summary>
public enum SpoolDurability
{
    /// <summary>Before anybody can see them.</summary>
    Always,

    /// <summary>
    /// Those of the live lane only when the cloud does not have them in time: memory holds them meanwhile. Alarms are few and precious, and are
    /// always written.
    /// </summary>
    OfflineOnly,
}
