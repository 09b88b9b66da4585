using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Tests.Uplink.Budget;

public sealed class BacklogHoursTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // 2027-06-07 is a Monday; Berlin is two hours ahead of UTC.
    [Theory]
    [InlineData("22:00-06:00", "2027-06-07T19:59:59Z", "00:00:01")]
    [InlineData("22:00-06:00", "2027-06-07T20:00:00Z", "00:00:00")]
    [InlineData("22:00-06:00", "2027-06-08T03:59:59Z", "00:00:00")]
    [InlineData("22:00-06:00", "2027-06-08T04:00:00Z", "16:00:00")]
    [InlineData("Mo-Fr 22:00-06:00", "2027-06-12T03:00:00Z", "00:00:00")] // Saturday morning is Friday's window
    [InlineData("Mo-Fr 22:00-06:00", "2027-06-12T20:00:00Z", "2.00:00:00")]
    [InlineData("Sa,Su 00:00-24:00", "2027-06-12T21:59:00Z", "00:00:00")]
    [InlineData("Sa,Su 00:00-24:00", "2027-06-13T22:00:00Z", "5.00:00:00")]
    [InlineData("Fr-Mo 12:00-13:00", "2027-06-08T10:30:00Z", "2.23:30:00")]
    public void The_backlog_waits_until_its_window_opens(string window, string now, string expected)
    {
        Assert.True(BacklogWindow.TryParse(window, out BacklogWindow? parsed));
        TimeSpan wait = new BacklogHours([parsed], Berlin).Until(DateTimeOffset.Parse(now), BacklogHours.Longest);

        Assert.Equal(TimeSpan.Parse(expected), wait);
    }

    [Theory]
    [InlineData("2027-03-28", 60)] // 02:00 to 03:00 is skipped
    [InlineData("2027-10-31", 180)] // and comes twice
    [InlineData("2027-06-01", 120)]
    public void A_window_lasts_as_long_as_clocks_on_the_wall_show_it(string day, int minutes)
    {
        Assert.True(BacklogWindow.TryParse("01:00-03:00", out BacklogWindow? window));
        var hours = new BacklogHours([window], Berlin);
        DateTimeOffset from = DateTimeOffset.Parse(day + "T00:00:00Z").AddHours(-4);

        Assert.Equal(minutes, Enumerable.Range(0, 12 * 60).Count(minute => hours.Until(from.AddMinutes(minute), BacklogHours.Longest) == TimeSpan.Zero));
    }

    [Fact]
    public void Without_windows_the_backlog_never_waits() =>
        Assert.Equal(TimeSpan.Zero, new BacklogHours([], Berlin).Until(DateTimeOffset.UnixEpoch, BacklogHours.Longest));

    [Theory]
    [InlineData("")]
    [InlineData("22:00")]
    [InlineData("22:00-22:00")]
    [InlineData("24:00-01:00")]
    [InlineData("22:00-24:01")]
    [InlineData("22:60-23:00")]
    [InlineData("2:00-03:00")]
    [InlineData("Mo 22:00 -06:00")]
    [InlineData("mo 22:00-06:00")]
    [InlineData("Mo-We-Fr 22:00-06:00")]
    [InlineData("Mo, 22:00-06:00")]
    [InlineData(" 22:00-06:00")]
    public void What_is_no_window_is_not_read(string text) => Assert.False(BacklogWindow.TryParse(text, out _));
}
