using EdgeAgent.Spooling;
using Lane = EdgeAgent.Protocol.V1.Lane;

namespace EdgeAgent.Commands;

/// <summary>The lanes as people write them, and as the protocol does.</summary>
internal static class SpoolLanes
{
    public static readonly SpoolLane[] All = [SpoolLane.Alarm, SpoolLane.Live];

    public static readonly string[] Names = ["alarm", "live"];

    public static string NameOf(SpoolLane lane) => lane == SpoolLane.Alarm ? "alarm" : "live";

    /// <param name="name">One of <see cref="Names"/>; null: both.</param>
    public static SpoolLane[] Of(string? name) => name switch
    {
        "alarm" => [SpoolLane.Alarm],
        "live" => [SpoolLane.Live],
        _ => All,
    };

    public static Lane ToProtocol(SpoolLane lane) => lane == SpoolLane.Alarm ? Lane.Alarm : Lane.Live;
}
