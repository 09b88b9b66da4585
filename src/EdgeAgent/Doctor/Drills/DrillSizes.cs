namespace EdgeAgent.Doctor.Drills;

/// <summary>How much a drill takes of the disk.</summary>
internal static class DrillSizes
{
    /// <summary>The cap of a drill's spool: what is acknowledged in a minute fits in many times.</summary>
    public const long Cap = 64L << 20;

    /// <summary>Twice the cap: below this a drill could trouble the real agent.</summary>
    public const ulong Needed = 128UL << 20;
}
