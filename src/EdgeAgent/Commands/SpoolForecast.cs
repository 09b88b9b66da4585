using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;

namespace EdgeAgent.Commands;

/// <summary>
/// When the spool will be full if nothing is released from now on. The rate is that of what lies in it: payload bytes that are not
/// released, divided by the time from the oldest to the newest of their readings. What thinning may gain is not counted.
/// </summary>
/// <param name="RoomBytes">What may still be written before something gives way: spares, and what the cap allows beyond.</param>
/// <param name="BytesPerSecond">The rate.</param>
internal readonly record struct SpoolForecast(long RoomBytes, double BytesPerSecond)
{
    /// <summary>A shorter time says more about one batch than about a rate.</summary>
    public static readonly TimeSpan ShortestSpan = TimeSpan.FromMinutes(1);

    public TimeSpan TimeToFull => TimeSpan.FromSeconds(Math.Min(RoomBytes / BytesPerSecond, TimeSpan.MaxValue.TotalSeconds / 2));

    /// <returns>Null where the cap is not known, or the readings do not tell a rate.</returns>
    public static SpoolForecast? Of(SpoolView view, SpoolOptions? options, IReadOnlyDictionary<SpoolLane, SpoolTimes> times)
    {
        double rate = 0;
        foreach (SpoolLane lane in SpoolLanes.All)
        {
            if (times[lane].Span is { } span && span >= ShortestSpan)
            {
                rate += view[lane].BacklogBytes / span.TotalSeconds;
            }
        }
        if (options is null || rate <= 0)
        {
            return null;
        }
        long taken = view.FilesBytes - view.SpareBytes - view.QuarantinedBytes;
        return new SpoolForecast(Math.Max(0, options.MaximumBytes - taken), rate);
    }
}
