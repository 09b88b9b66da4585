using System.Globalization;

namespace Grpc.Net.Protocol;

/// <summary>
/// The value of <c>grpc-timeout</c>:
/// <code>
/// timeout := 1*8DIGIT unit
/// unit    := "H" / "M" / "S" / "m" / "u" / "n"     ; hour, minute, second, milli-, micro-, nanosecond
/// </code>
/// </summary>
internal static class TimeoutHeader
{
    /// <summary>The largest value that eight digits hold.</summary>
    private const long MaxValue = 99_999_999;

    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('u', TimeSpan.TicksPerMicrosecond),
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>
    /// Writes a timeout in the finest unit that it fits, rounded up, so that the server never gives up before the client.
    /// </summary>
    public static string Format(TimeSpan timeout)
    {
        foreach ((char unit, long ticks) in Units)
        {
            long value = (timeout.Ticks / ticks) + (timeout.Ticks % ticks > 0 ? 1 : 0);
            if (value <= MaxValue)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(value, 0)}{unit}");
            }
        }
        return string.Create(CultureInfo.InvariantCulture, $"{MaxValue}H");
    }

    public static bool TryRead(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return false;
        }
        switch (text[^1])
        {
            case 'n':
                // One tick is 100 ns; up, as in Format.
                timeout = new TimeSpan((value + 99) / 100);
                return true;
            case var unit:
                foreach ((char known, long ticks) in Units)
                {
                    if (known == unit)
                    {
                        timeout = new TimeSpan(value * ticks);
                        return true;
                    }
                }
                return false;
        }
    }
}
