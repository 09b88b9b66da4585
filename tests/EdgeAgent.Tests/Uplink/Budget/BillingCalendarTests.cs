using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Tests.Uplink.Budget;

public sealed class BillingCalendarTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2027-02-28T23:59:59Z", 1, "2027-02-01", 28)]
    [InlineData("2028-02-29T00:00:00Z", 1, "2028-02-01", 29)]
    [InlineData("2028-03-01T00:00:00Z", 1, "2028-03-01", 31)]
    [InlineData("2027-03-14T12:00:00Z", 15, "2027-02-15", 28)]
    [InlineData("2027-03-15T00:00:00Z", 15, "2027-03-15", 31)]
    [InlineData("2027-01-05T00:00:00Z", 28, "2026-12-28", 31)]
    public void A_month_begins_on_its_day_and_is_as_long_as_the_calendar_says(string now, int startsOn, string begin, int days)
    {
        CalendarPeriod month = new BillingCalendar(TimeZoneInfo.Utc, startsOn).MonthOf(DateTimeOffset.Parse(now));

        Assert.Equal((DateTimeOffset.Parse(begin + "T00:00:00Z"), TimeSpan.FromDays(days)), (month.Begin, month.Length));
    }

    [Theory]
    [InlineData("2027-03-28T10:00:00Z", "2027-03-27T23:00:00Z", 23)]
    [InlineData("2027-10-31T10:00:00Z", "2027-10-30T22:00:00Z", 25)]
    [InlineData("2027-06-30T22:00:00Z", "2027-06-30T22:00:00Z", 24)]
    public void A_day_is_that_of_the_time_zone_and_has_23_or_25_hours_where_clocks_are_moved(string now, string begin, int hours)
    {
        CalendarPeriod day = new BillingCalendar(Berlin, 1).DayOf(DateTimeOffset.Parse(now));

        Assert.Equal((DateTimeOffset.Parse(begin), TimeSpan.FromHours(hours)), (day.Begin, day.Length));
    }

    [Theory]
    [InlineData("Africa/Cairo")] // clocks are moved at midnight, which then is missing, or comes twice
    [InlineData("Europe/Berlin")]
    [InlineData("Australia/Lord_Howe")] // half an hour
    [InlineData("UTC")]
    public void Every_instant_is_in_the_period_of_its_day_and_of_its_month_and_they_follow_without_gaps(string zone)
    {
        var calendar = new BillingCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone), 1);
        foreach (Func<DateTimeOffset, CalendarPeriod> of in new[] { calendar.DayOf, calendar.MonthOf })
        {
            CalendarPeriod last = of(DateTimeOffset.Parse("2011-12-01T00:00:00Z"));
            for (var now = DateTimeOffset.Parse("2011-12-01T00:30:00Z"); now.Year < 2014; now = now.AddMinutes(30))
            {
                CalendarPeriod period = of(now);
                Assert.True(period.Begin <= now && now < period.Begin + period.Length, $"{now:O} is not in {period}");
                Assert.True(period == last || period.Begin == last.Begin + last.Length, $"{period} does not follow {last}");
                last = period;
            }
        }
    }
}
