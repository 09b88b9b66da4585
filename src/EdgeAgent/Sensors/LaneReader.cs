using EdgeAgent.Configuration;
using EdgeAgent.Spooling;

namespace EdgeAgent.Sensors;

/// <summary>Key <c>lane</c>, which every source has.</summary>
internal static class LaneReader
{
    public static SpoolLane Read(ConfigSection section) =>
        section.Choice("lane", SpoolLane.Live, ("live", SpoolLane.Live), ("alarm", SpoolLane.Alarm));
}
