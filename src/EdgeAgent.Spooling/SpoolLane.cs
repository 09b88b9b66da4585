namespace EdgeAgent.Spooling;

/// <summary>One of the two independent queues of a spool. The numbers are on disk and on the wire.</summary>
public enum SpoolLane : byte
{
    /// <summary>Few and precious: the last to give way when space runs out.</summary>
    Alarm = 1,

    /// <summary>Everything else: its oldest segments give way first.</summary>
    Live = 2,
}
