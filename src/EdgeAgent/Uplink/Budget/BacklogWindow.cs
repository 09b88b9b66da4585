using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeAgent.Uplink.Budget;

/// <summary>
/// A time of the day in which the backlog may flow.
/// <code>
/// window := [ days " " ] time "-" time       the days are those on which it begins; without them every day
/// days   := range { "," range }              range := day [ "-" day ]         day := "Mo" "Tu" "We" "Th" "Fr" "Sa" "Su"
/// time   := HH:MM                            the end is not in it, may be 24:00, and is on the next day where it is not later than the beginning
/// </code>
/// </summary>
/// <param name="Days">A bit for each <see cref="DayOfWeek"/>.</param>
/// <param name="From">Minute of the day.</param>
/// <param name="To">Minute of the day, to 1,440.</param>
internal sealed record BacklogWindow(int Days, int From, int To)
{
    private const int EveryDay = 0x7F;
    private const int MinutesOfDay = 24 * 60;

    private static readonly string[] Names = ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"];

    public static bool TryParse(string text, [NotNullWhen(true)] out BacklogWindow? window)
    {
        window = null;
        string[] parts = text.Split(' ');
        string[] times = parts[^1].Split('-');
        int days = EveryDay;
        if (parts.Length > 2 || times.Length != 2 || (parts.Length == 2 && !TryParseDays(parts[0], out days))
            || !TryParseTime(times[0], out int from) || !TryParseTime(times[1], out int to) || from == to || from == MinutesOfDay)
        {
            return false;
        }
        window = new BacklogWindow(days, from, to);
        return true;
    }

    /// <param name="local">What a clock on the wall shows. An hour that is skipped is missing in the window, one that comes twice is in it twice.</param>
    public bool Contains(DateTime local)
    {
        int minute = (local.Hour * 60) + local.Minute;
        bool isOvernight = To <= From;
        return (BeginsOn(local.DayOfWeek) && minute >= From && (isOvernight || minute < To))
            || (isOvernight && minute < To && BeginsOn(local.AddDays(-1).DayOfWeek));
    }

    private bool BeginsOn(DayOfWeek day) => (Days & (1 << (int)day)) != 0;

    private static bool TryParseDays(string text, out int days)
    {
        days = 0;
        foreach (string range in text.Split(','))
        {
            string[] ends = range.Split('-');
            int first = Array.IndexOf(Names, ends[0]), last = Array.IndexOf(Names, ends[^1]);
            if (ends.Length > 2 || first < 0 || last < 0)
            {
                return false;
            }
            for (int day = first; ; day = (day + 1) % Names.Length)
            {
                days |= 1 << day;
                if (day == last)
                {
                    break;
                }
            }
        }
        return true;
    }

    private static bool TryParseTime(string text, out int minute)
    {
        minute = 0;
        if (text.Length != 5 || text[2] != ':'
            || !int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int hours)
            || !int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) || minutes > 59)
        {
            return false;
        }
        minute = (hours * 60) + minutes;
        return minute <= MinutesOfDay;
    }
}
