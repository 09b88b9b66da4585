namespace EdgeAgent.Spooling;

/// <summary>The lanes in their two orders.</summary>
internal static class Lanes
{
    /// <summary>By number, which is also the order in which they are opened and closed.</summary>
    public static readonly SpoolLane[] All = [SpoolLane.Alarm, SpoolLane.Live, SpoolLane.Backlog];

    /// <summary>The lanes that are thinned, in the order in which they are; they are dropped in the same order, and before alarms.</summary>
    public static readonly SpoolLane[] Thinned = [SpoolLane.Backlog, SpoolLane.Live];

    /// <summary>The place of a lane in whatever has one entry for each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such lane.</exception>
    public static int IndexOf(SpoolLane lane) => IsOne(lane)
        ? (int)lane - 1
        : throw new ArgumentOutOfRangeException(nameof(lane), lane, "There is no such lane.");

    public static bool IsOne(SpoolLane lane) => lane is SpoolLane.Alarm or SpoolLane.Live or SpoolLane.Backlog;
}
