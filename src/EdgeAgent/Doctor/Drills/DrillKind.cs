namespace EdgeAgent.Doctor.Drills;

/// <summary>What is rehearsed. Its word in lower case stands on the command line.</summary>
internal enum DrillKind
{
    /// <summary>The cloud cannot be reached, and the agent is restarted and killed meanwhile.</summary>
    Outage,

    /// <summary>The agent is killed under load, again and again, as a power cut does it short of the disk.</summary>
    PowerCut,

    /// <summary>The disk has no room any more, and gets some.</summary>
    DiskFull,

    /// <summary>The device starts in 1970, its clock jumps, and then the time becomes known.</summary>
    Clock,
}
