using System.Globalization;
using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>Timestamps as payloads carry them, into nanoseconds since 1970.</summary>
internal static class PayloadTime
{
    /// <summary>2020-01-01: what says less comes from a device without a clock battery that has not met its time server yet.</summary>
    private static readonly long Earliest = UnixTime.Nanoseconds(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Reads a number or a numeric string, or an ISO 8601 text: what stands between the quotes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, TimeFormat format, out long unixNanoseconds)
    {
        if (format == TimeFormat.Iso8601)
        {
            return Iso8601.TryParse(text, out unixNanoseconds);
        }
        unixNanoseconds = 0;
        decimal unit = format switch
        {
            TimeFormat.Seconds => 1_000_000_000m,
            TimeFormat.Milliseconds => 1_000_000m,
            TimeFormat.Microseconds => 1_000m,
            _ => 1m,
        };
        // Decimal, because a double of seconds since 1970 is no better than 200 ns.
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal amount)
            || amount < 0 || amount > long.MaxValue / unit)
        {
            return false;
        }
        unixNanoseconds = (long)(amount * unit);
        return true;
    }

    /// <summary>
    /// Whether a timestamp is near enough to the agent's time. As long as that is not known it refuses only what is no time for anybody.
    /// </summary>
    public static bool IsWithinBounds(long unixNanoseconds, ReadingTime now, TimeRule rule) =>
        (unixNanoseconds >= now.UnixNanoseconds - Nanoseconds(rule.MaximumAge) && unixNanoseconds <= now.UnixNanoseconds + Nanoseconds(rule.MaximumAhead))
        || (now.Offset is { IsProvisional: true } && unixNanoseconds >= Earliest);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
