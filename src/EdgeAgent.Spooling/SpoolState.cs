namespace EdgeAgent.Spooling;

/// <summary>What can be done with a spool now.</summary>
public enum SpoolState
{
    /// <summary>Everything.</summary>
    Sound,

    /// <summary>
    /// The last record found no room, and nothing may give way: hold it in memory, and offer it again. Reading and releasing go on.
    /// </summary>
    Full,

    /// <summary>A write failed. What was committed can be read; to write again, dispose the spool and open it again.</summary>
    Broken,

    /// <summary>Disposed.</summary>
    Closed,
}
