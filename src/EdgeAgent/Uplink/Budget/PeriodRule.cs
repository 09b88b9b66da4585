namespace EdgeAgent.Uplink.Budget;

/// <summary>How a kind of period follows on another: by the calendar, but never sooner or later than time that was counted can explain.</summary>
/// <param name="Shortest">While the agent runs, a period is at least so long, whatever the wall clock says.</param>
/// <param name="Longest">After so much running it is over, whatever the wall clock says.</param>
/// <param name="UnsavedShare">So many parts of a budget may be used, one at a time, before it is written down how far it is used.</param>
/// <param name="At">The one that the calendar has at an instant.</param>
internal sealed record PeriodRule(TimeSpan Shortest, TimeSpan Longest, int UnsavedShare, Func<DateTimeOffset, CalendarPeriod> At)
{
    /// <summary>23 to 25 hours, as clocks are moved, and an hour for clocks that disagree. At most 128 writes a day.</summary>
    public static PeriodRule Day(BillingCalendar calendar) => new(TimeSpan.FromHours(22), TimeSpan.FromHours(26), 128, calendar.DayOf);

    /// <summary>28 to 31 days, and a day for clocks that disagree. At most 34 writes a day.</summary>
    public static PeriodRule Month(BillingCalendar calendar) => new(TimeSpan.FromDays(27), TimeSpan.FromDays(32), 1_024, calendar.MonthOf);
}
