namespace EdgeAgent.Clock;

/// <summary>When a reading was taken.</summary>
/// <param name="UnixNanoseconds">Since 1970-01-01T00:00:00Z.</param>
/// <param name="Offset">By what the agent's clock made it; null where the device says the time itself: that is the device's, and never corrected.</param>
internal readonly record struct ReadingTime(long UnixNanoseconds, ClockOffset? Offset)
{
    /// <summary>A time that the device says.</summary>
    public static implicit operator ReadingTime(long unixNanoseconds) => new(unixNanoseconds, null);
}
