namespace EdgeAgent.Uplink.Budget;

/// <summary>A day or a month as the calendar has it.</summary>
/// <param name="Begin">Its first instant.</param>
/// <param name="Length">From there to the next one's.</param>
internal readonly record struct CalendarPeriod(DateTimeOffset Begin, TimeSpan Length);

/// <summary>Where days and months of the bill begin: at midnight of a time zone, and months on a day that every month has.</summary>
internal sealed class BillingCalendar(TimeZoneInfo zone, int monthStartsOn)
{
    public CalendarPeriod DayOf(DateTimeOffset now)
    {
        DateTime day = TimeZoneInfo.ConvertTime(now, zone).Date;
        return Between(day, day.AddDays(1));
    }

    public CalendarPeriod MonthOf(DateTimeOffset now)
    {
        // On that day in this month, or in the last one where it is still to come.
        DateTime day = TimeZoneInfo.ConvertTime(now, zone).Date;
        var begin = new DateTime(day.Year, day.Month, monthStartsOn);
        begin = begin > day ? begin.AddMonths(-1) : begin;
        return Between(begin, begin.AddMonths(1));
    }

    private CalendarPeriod Between(DateTime begin, DateTime end)
    {
        DateTimeOffset first = FirstInstant(begin);
        return new CalendarPeriod(first, FirstInstant(end) - first);
    }

    /// <summary>Of a day. Where clocks are moved at midnight there is none, or there are two of them.</summary>
    private DateTimeOffset FirstInstant(DateTime midnight)
    {
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(30);
        }
        TimeSpan offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}
