namespace EdgeAgent.Spooling;

/// <summary>One of the independent queues of a spool. The numbers are on disk and on the wire.</summary>
public enum SpoolLane : byte
{
    /// <summary>Few and precious: the last to give way when space runs out.</summary>
    Alarm = 1,

    /// <summary>What is sent as it comes.</summary>
    Live = 2,

    /// <summary>
    /// What came while the live lane was behind, to be sent with what the others leave of the line; the first to give way. It has no file before its
    /// first record.
    /// </summary>
    Backlog = 3,
}
