namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// The first seven registers of a <see cref="Ds3231"/> (datasheet figure 1) as a time.
/// <code>
/// seconds := bcd 00..59          minutes := bcd 00..59
/// hours   := 0 0 bcd 00..23  |  0 1 pm bcd 1..12
/// day     := 1..7                date := bcd 01..31
/// month   := century 0 0 bcd 01..12                  year := bcd 00..99, after 2000, or 2100 where century is set
/// </code>
/// </summary>
internal static class Ds3231Time
{
    public const int Length = 7;

    private const byte TwelveHours = 0x40, Afternoon = 0x20, Century = 0x80;

    /// <returns>False where the digits are no time.</returns>
    public static bool TryRead(ReadOnlySpan<byte> registers, out long unixSeconds)
    {
        unixSeconds = 0;
        bool isTwelve = (registers[2] & TwelveHours) != 0;
        if (!TryReadDigits(registers[0], out int second) || !TryReadDigits(registers[1], out int minute)
            || !TryReadDigits((byte)(registers[2] & (isTwelve ? 0x1F : 0x3F)), out int hour) || !TryReadDigits(registers[4], out int date)
            || !TryReadDigits((byte)(registers[5] & ~Century), out int month) || !TryReadDigits(registers[6], out int year))
        {
            return false;
        }
        if (isTwelve)
        {
            if (hour is 0 or > 12)
            {
                return false;
            }
            hour = (hour % 12) + ((registers[2] & Afternoon) != 0 ? 12 : 0);
        }
        year += (registers[5] & Century) != 0 ? 2_100 : 2_000;
        if (second > 59 || minute > 59 || hour > 23 || month is 0 or > 12 || date == 0 || date > DateTime.DaysInMonth(year, month))
        {
            return false;
        }
        unixSeconds = new DateTimeOffset(year, month, date, hour, minute, second, TimeSpan.Zero).ToUnixTimeSeconds();
        return true;
    }

    /// <summary>As a clock that was set to 24 hours holds it. From 2000 to 2199.</summary>
    public static void Write(Span<byte> registers, DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        registers[0] = Digits(utc.Second);
        registers[1] = Digits(utc.Minute);
        registers[2] = Digits(utc.Hour);
        registers[3] = (byte)(1 + (int)utc.DayOfWeek);
        registers[4] = Digits(utc.Day);
        registers[5] = (byte)(Digits(utc.Month) | (utc.Year >= 2_100 ? Century : 0));
        registers[6] = Digits(utc.Year % 100);
    }

    private static bool TryReadDigits(byte bcd, out int value)
    {
        value = (10 * (bcd >> 4)) + (bcd & 0x0F);
        return bcd >> 4 <= 9 && (bcd & 0x0F) <= 9;
    }

    private static byte Digits(int value) => (byte)(((value / 10) << 4) | (value % 10));
}
