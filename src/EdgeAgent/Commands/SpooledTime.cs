using System.Globalization;
using System.Text;
using EdgeAgent.Sensors.Mqtt.Mapping;

namespace EdgeAgent.Commands;

/// <summary>
/// Times of readings as they are shown and asked for.
/// <code>
/// shown := YYYY-MM-DD "T" HH:MM:SS "." 9DIGIT "Z"      all nine decimals, so that no two readings become one
/// asked := YYYY-MM-DD | timestamp                      a day from its midnight UTC on (Iso8601)
/// </code>
/// </summary>
internal static class SpooledTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static string Format(long unixNanoseconds)
    {
        long seconds = Math.DivRem(unixNanoseconds, NanosecondsPerSecond, out long rest);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + NanosecondsPerSecond);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{DateTime.UnixEpoch.AddSeconds(seconds):yyyy-MM-ddTHH:mm:ss}.{rest:d9}Z");
    }

    public static bool TryParse(string text, out long unixNanoseconds)
    {
        string whole = text.Length == "2026-01-31".Length ? text + "T00:00Z" : text;
        return Iso8601.TryParse(Encoding.UTF8.GetBytes(whole), out unixNanoseconds);
    }
}
