using EdgeAgent.Spooling;

namespace EdgeAgent.Commands;

/// <summary>The lanes as people write them.</summary>
internal static class SpoolLanes
{
    public static readonly SpoolLane[] All = [SpoolLane.Alarm, SpoolLane.Live, SpoolLane.Backlog];

    public static readonly string[] Names = ["alarm", "live", "backlog"];

    public static string NameOf(SpoolLane lane) => Names[Array.IndexOf(All, lane)];

    /// <param name="name">One of <see cref="Names"/>; null: all.</param>
    public static SpoolLane[] Of(string? name) => Array.IndexOf(Names, name) is >= 0 and var index ? [All[index]] : All;
}
