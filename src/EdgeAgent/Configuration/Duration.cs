using System.Buffers;
using System.Globalization;
using System.Text;

namespace EdgeAgent.Configuration;

/// <summary>
/// Durations as people write them.
/// <code>
/// duration := part+                 each unit at most once, from the largest to the smallest: "1h30m", "250ms", "60s"
/// part     := digits [ "." digits ] unit
/// unit     := "d" | "h" | "m" | "s" | "ms"
/// </code>
/// </summary>
internal static class Duration
{
    private static readonly SearchValues<char> NumberLetters = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        decimal ticks = 0;
        int nextUnit = 0;
        if (text.IsEmpty)
        {
            return false;
        }
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExcept(NumberLetters);
            if (digits <= 0 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount))
            {
                return false;
            }
            text = text[digits..];
            int letters = text.IndexOfAny(NumberLetters);
            ReadOnlySpan<char> unit = letters < 0 ? text : text[..letters];
            text = text[unit.Length..];
            while (nextUnit < Units.Length && !unit.SequenceEqual(Units[nextUnit].Name))
            {
                nextUnit++;
            }
            // A hundred years and more are a slip of the keyboard, and keeps all arithmetic far from overflow.
            if (nextUnit == Units.Length || amount > 3_153_600_000m)
            {
                return false;
            }
            ticks += amount * Units[nextUnit++].Ticks;
        }
        if (ticks > 36_500m * TimeSpan.TicksPerDay)
        {
            return false;
        }
        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>For people who want to know roughly: the two largest units, as of "3d4h", and nothing below a second.</summary>
    public static string Rough(TimeSpan duration)
    {
        TimeSpan unit = duration.TotalDays >= 1 ? TimeSpan.FromHours(1) : duration.TotalHours >= 1 ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1);
        return Format(TimeSpan.FromTicks(Math.Max(0, duration.Ticks) / unit.Ticks * unit.Ticks));
    }

    /// <summary>The shortest form in whole units: 90 s are "1m30s".</summary>
    public static string Format(TimeSpan duration)
    {
        var text = new StringBuilder();
        long left = duration.Ticks;
        foreach ((string name, long ticks) in Units)
        {
            if (left / ticks > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{left / ticks}{name}");
                left %= ticks;
            }
        }
        return text.Length == 0 ? "0s" : text.ToString();
    }
}
