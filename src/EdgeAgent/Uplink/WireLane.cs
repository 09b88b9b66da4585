using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <summary>The spool's lanes are the protocol's.</summary>
internal static class WireLane
{
    public static Lane Of(SpoolLane lane) => lane switch
    {
        SpoolLane.Alarm => Lane.Alarm,
        SpoolLane.Live => Lane.Live,
        _ => Lane.Backlog,
    };
}
