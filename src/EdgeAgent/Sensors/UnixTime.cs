namespace EdgeAgent.Sensors;

/// <summary>The time of a reading: nanoseconds since 1970-01-01T00:00:00Z.</summary>
internal static class UnixTime
{
    public static long Nanoseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;

    public static DateTimeOffset Instant(long unixNanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(unixNanoseconds / TimeSpan.NanosecondsPerTick);
}
