using System.Globalization;

namespace EdgeAgent.Ingestion.Storage;

/// <summary>
/// Times as they are stored and shown:
/// <code>
/// integer  := nanoseconds since 1970-01-01T00:00:00Z, signed 64 bits (1677 to 2262)
/// text     := YYYY-MM-DD "T" HH:MM:SS [ "." 1*9DIGIT ] "Z"           ISO 8601, always written with nine decimals
/// </code>
/// </summary>
internal static class UnixTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static long ToUnixNanoseconds(this DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100;

    /// <summary>Rounded down to 100 ns.</summary>
    public static DateTimeOffset ToDateTimeOffset(long unixNanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(unixNanoseconds / 100);

    public static string Format(long unixNanoseconds)
    {
        (long seconds, long nanoseconds) = Math.DivRem(unixNanoseconds, NanosecondsPerSecond);
        if (nanoseconds < 0)
        {
            seconds--;
            nanoseconds += NanosecondsPerSecond;
        }
        DateTime second = DateTime.UnixEpoch.AddSeconds(seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{second:yyyy-MM-ddTHH:mm:ss}.{nanoseconds:D9}Z");
    }

    /// <summary>Takes either form; a text without decimals, with an offset, or a date alone (midnight UTC) too.</summary>
    public static bool TryParse(string text, out long unixNanoseconds)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out unixNanoseconds))
        {
            return true;
        }
        // DateTimeOffset keeps seven decimals; the last two are taken by hand.
        int point = text.IndexOf('.', StringComparison.Ordinal);
        long fraction = 0;
        string whole = text;
        if (point >= 0)
        {
            int end = point + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }
            int digits = end - point - 1;
            if (digits is 0 or > 9)
            {
                return false;
            }
            fraction = long.Parse(text.AsSpan(point + 1, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            for (int i = digits; i < 9; i++)
            {
                fraction *= 10;
            }
            whole = text.Remove(point, end - point);
        }
        if (!DateTimeOffset.TryParseExact(whole, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            return false;
        }
        // Beyond 1677 to 2262 nanoseconds do not fit.
        Int128 exact = ((Int128)(time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100) + fraction;
        unixNanoseconds = exact >= long.MinValue && exact <= long.MaxValue ? (long)exact : 0;
        return exact >= long.MinValue && exact <= long.MaxValue;
    }
}
