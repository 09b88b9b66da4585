namespace EdgeAgent.Flash;

/// <summary>How much flash may be written. In section <c>spool</c> of the configuration.</summary>
internal sealed class FlashOptions
{
    /// <summary>
    /// Bytes that the spool may write in a day, 24 hours of running. Default null, no limit: cards differ too much. A card of 8 GB that bears 1,000
    /// cycles lasts ten years at 2 GB a day.
    /// </summary>
    public long? MaximumBytesPerDay { get; set; }

    /// <summary>
    /// The longest that commits are put off to stay within the day's bytes; then durability goes first. So long an MQTT publisher may wait for its
    /// acknowledgement. Default 60 s, which is what a reading may wait for its batch anyway.
    /// </summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(60);
}
