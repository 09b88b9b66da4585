namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>
/// Timestamps in the extended format of ISO 8601, as RFC 3339 profiles it and a little wider.
/// <code>
/// timestamp := year "-" month "-" day ("T" | "t" | " ") hour ":" minute [ ":" second [ ("." | ",") digit+ ] ] [ offset ]
/// offset    := "Z" | "z" | ("+" | "-") hour [ [ ":" ] minute ]       none: UTC
/// </code>
/// Digits after the ninth decimal are cut off. A leap second (:60) is the first instant of the next minute.
/// </summary>
internal static class Iso8601
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long unixNanoseconds)
    {
        unixNanoseconds = 0;
        if (!TryNumber(ref text, 4, out int year) || !TryMark(ref text, "-"u8)
            || !TryNumber(ref text, 2, out int month) || !TryMark(ref text, "-"u8)
            || !TryNumber(ref text, 2, out int day) || !TryMark(ref text, "Tt "u8)
            || !TryNumber(ref text, 2, out int hour) || !TryMark(ref text, ":"u8)
            || !TryNumber(ref text, 2, out int minute))
        {
            return false;
        }
        int second = 0;
        int nanosecond = 0;
        if (TryMark(ref text, ":"u8) && !(TryNumber(ref text, 2, out second) && TryFraction(ref text, out nanosecond)))
        {
            return false;
        }
        if (!TryOffset(ref text, out int offsetMinutes) || !text.IsEmpty)
        {
            return false;
        }
        // Years outside of what 64-bit nanoseconds can hold (1677 to 2262) are left to the sanity bounds, which are narrower.
        if (year is < 1970 or > 2261 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }
        long ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        ticks += (second * TimeSpan.TicksPerSecond) - (offsetMinutes * TimeSpan.TicksPerMinute);
        unixNanoseconds = (ticks * TimeSpan.NanosecondsPerTick) + nanosecond;
        return true;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> text, int digits, out int number)
    {
        number = 0;
        if (text.Length < digits || text[..digits].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }
        foreach (byte digit in text[..digits])
        {
            number = (number * 10) + (digit - '0');
        }
        text = text[digits..];
        return true;
    }

    private static bool TryMark(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> marks)
    {
        bool found = !text.IsEmpty && marks.Contains(text[0]);
        text = found ? text[1..] : text;
        return found;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> text, out int nanosecond)
    {
        nanosecond = 0;
        if (!TryMark(ref text, ".,"u8))
        {
            return true;
        }
        int place = 100_000_000;
        int digits = 0;
        while (TryNumber(ref text, 1, out int digit))
        {
            nanosecond += digit * place;
            place /= 10;
            digits++;
        }
        return digits > 0;
    }

    private static bool TryOffset(ref ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.IsEmpty || TryMark(ref text, "Zz"u8))
        {
            return true;
        }
        bool isWest = text[0] == '-';
        if (!TryMark(ref text, "+-"u8) || !TryNumber(ref text, 2, out int hour))
        {
            return false;
        }
        bool hasMark = TryMark(ref text, ":"u8);
        int minute = 0;
        if ((hasMark || !text.IsEmpty) && !TryNumber(ref text, 2, out minute))
        {
            return false;
        }
        minutes = ((hour * 60) + minute) * (isWest ? -1 : 1);
        return hour <= 23 && minute <= 59;
    }
}
