namespace EdgeAgent.Torture.Network;

/// <summary>What becomes of the bytes of one direction.</summary>
internal enum Passage
{
    /// <summary>They pass, as fast as the line is.</summary>
    Open,

    /// <summary>They wait until it is open again, and pass then: a tunnel, a radio hole that TCP survives.</summary>
    Held,

    /// <summary>They are read and vanish. Where some did, the connection never works again, whatever the line does: a NAT that forgot.</summary>
    Swallowed,
}
