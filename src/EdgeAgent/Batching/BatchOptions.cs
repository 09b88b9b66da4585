using EdgeAgent.Protocol;
using EdgeAgent.Uplink;

namespace EdgeAgent.Batching;

/// <summary>When a batch closes. Section <c>batch</c> of the configuration.</summary>
internal sealed class BatchOptions
{
    public BatchOptions()
    {
    }

    /// <summary>
    /// The defaults for a kind of line. For <see cref="LineProfile.Metered"/> batches are up to 5 min old: a session costs as much as fifty readings, however
    /// many it carries.
    /// </summary>
    public BatchOptions(LineProfile profile)
    {
        if (profile == LineProfile.Metered)
        {
            MaximumAge = TimeSpan.FromMinutes(5);
        }
    }

    /// <summary>Readings in a batch at most. Default 10,000: beyond that columns gain nothing, and a lost record costs more.</summary>
    public int MaximumReadings { get; set; } = 10_000;

    /// <summary>Encoded bytes of a batch at most, before compression. Default 64 KiB: a sixteenth of a segment.</summary>
    public int MaximumBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// How old the first reading of a batch may become before the batch closes. Default 60 s: a minute of slow sensors
    /// compresses well, and flash is written once a minute.
    /// </summary>
    public TimeSpan MaximumAge { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// While a publisher waits for its acknowledgement the batch closes once nothing has arrived for this long, because then
    /// everybody who is going to publish is waiting for us. Default 5 ms.
    /// </summary>
    public TimeSpan AcknowledgeSettle { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest that a publisher waits for its batch to close, however busy the line is. Default 100 ms.</summary>
    public TimeSpan AcknowledgeWithin { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How far the live lane may be behind before new readings go to the backlog, so that they are not sent behind what is older; it counts from when a
    /// batch was stored. Default 30 s: an outage that is shorter is not worth a second queue. Zero: never, everything goes by the live lane.
    /// Key <c>cloud.liveWindow</c>.
    /// </summary>
    public TimeSpan LiveWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How batches are compressed where that makes them smaller. Default gzip: every service can read it.</summary>
    public BatchCompression Compression { get; set; } = BatchCompression.Gzip;

    /// <summary>Takes what others say: whoever holds these goes by it from its next look on.</summary>
    public void Use(BatchOptions next) =>
        (MaximumReadings, MaximumBytes, MaximumAge, AcknowledgeSettle, AcknowledgeWithin, LiveWindow, Compression) =
        (next.MaximumReadings, next.MaximumBytes, next.MaximumAge, next.AcknowledgeSettle, next.AcknowledgeWithin, next.LiveWindow, next.Compression);
}
