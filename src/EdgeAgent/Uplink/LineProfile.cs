namespace EdgeAgent.Uplink;

/// <summary>What kind of line the defaults are for. A key that is given wins over the profile.</summary>
internal enum LineProfile
{
    /// <summary>Bytes cost nothing, so time is saved: readings leave within a minute.</summary>
    Normal,

    /// <summary>Each byte is paid for, as on most mobile contracts: fewer and larger sessions, connections that are kept, no pings.</summary>
    Metered,
}
