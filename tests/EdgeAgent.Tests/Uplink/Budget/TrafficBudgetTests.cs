using EdgeAgent.Spooling;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Tests.Uplink.Budget;

public sealed class TrafficBudgetTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Alarms_pass_and_count_when_everything_else_waits_for_the_next_day()
    {
        using var rig = new TrafficRig();
        rig.Options.BytesPerDay = 1_000_000;
        rig.Start().Send(1_000_000);
        Assert.Equal(TimeSpan.Zero, rig.Budget.WaitFor(SpoolLane.Alarm));
        Assert.Equal(TrafficBudget.AskAgain, rig.Budget.WaitFor(SpoolLane.Live));
        Assert.Equal(TrafficBudget.AskAgain, rig.Budget.WaitFor(TrafficRig.Backlog));
        rig.Send(5_000);
        TrafficStatus status = rig.Budget.Status();
        Assert.Equal(1_005_000, status.Day.Bytes);
        Assert.Equal("waiting for budget until 2027-01-02 00:00Z: the day's bytes are used", status.Live.Describe(status.Now));

        rig.Pass(24 * Hour, Minute);
        Assert.Equal(TimeSpan.Zero, rig.Budget.WaitFor(SpoolLane.Live));
        Assert.Equal(TimeSpan.Zero, rig.Budget.WaitFor(TrafficRig.Backlog));
        Assert.Equal(1_005_000, rig.Budget.Status().Month.Bytes);
    }

    [Fact]
    public void The_backlog_leaves_live_data_its_share()
    {
        using var rig = new TrafficRig();
        (rig.Options.BytesPerMonth, rig.Options.BacklogShare) = (1_000_000, 30);
        rig.Start().Send(299_000);
        Assert.Equal(TimeSpan.Zero, rig.Budget.WaitFor(TrafficRig.Backlog));
        rig.Send(2_000);

        Assert.True(rig.Budget.WaitFor(TrafficRig.Backlog) > TimeSpan.Zero);
        Assert.Equal(HoldCause.MonthKept, rig.Budget.Status().Backlog.Cause);
        Assert.Equal((TimeSpan.Zero, HoldCause.None), (rig.Budget.WaitFor(SpoolLane.Live), rig.Budget.Status().Live.Cause));
    }

    [Fact]
    public void What_passed_is_counted_on_by_the_next_process_and_the_next_start_of_the_machine()
    {
        using var rig = new TrafficRig("2027-01-03T10:00:00Z");
        rig.Options.BytesPerMonth = 10_000_000;
        rig.Start().Send(3_000_000);
        rig.Budget.Close();
        rig.Time.Advance(Hour);
        rig.Start();
        Assert.Equal(new PeriodState(DateTimeOffset.Parse("2027-01-01T00:00:00Z"), TimeSpan.FromHours(59), 3_000_000), State());
        rig.Send(1_000);
        rig.Budget.Close();
        rig.Reboot(off: 5 * Hour);

        Assert.Equal(TimeSpan.FromHours(64), rig.Budget.Status().Month.Elapsed);
        Assert.Equal(3_001_000, rig.Budget.Status().Month.Bytes);
        Assert.Equal(0, rig.Metrics.WireBytesSent.Value);

        PeriodState State() => new(DateTimeOffset.Parse("2027-01-01T00:00:00Z"), rig.Budget.Status().Month.Elapsed, rig.Budget.Status().Month.Bytes);
    }

    [Fact]
    public void After_a_death_as_much_is_assumed_as_may_be_missing()
    {
        using var rig = new TrafficRig();
        rig.Options.BytesPerMonth = 1_024_000;
        rig.Start();
        for (int i = 0; i < 500; i++)
        {
            rig.Send(999);
            rig.Budget.WaitFor(SpoolLane.Live);
        }
        rig.Start();

        // Written down after each 1,024th: 999 bytes are missing at most, and 2,000 are assumed.
        Assert.InRange(rig.Budget.Status().Month.Bytes, 500 * 999, (500 * 999) + 2_000);
    }

    [Fact]
    public void Half_of_it_four_fifths_and_all_of_it_are_told_once_in_a_period_over_restarts()
    {
        using var rig = new TrafficRig();
        rig.Options.BytesPerMonth = 1_000_000;
        rig.Start();
        rig.Pass(24 * Hour, Hour);
        rig.Send(610_000);
        rig.Pass(2 * Hour, Hour);
        Assert.Equal("Warning: The line's budget for the month: 61 % used on day 2 of 31", Assert.Single(rig.Log.Lines)[..66]);
        rig.Send(200_000);
        rig.Pass(2 * Hour, Hour);
        Assert.Equal(2, rig.Log.Lines.Count);
        rig.Budget.Close();
        rig.Start().Send(200_000);
        rig.Pass(Hour, Hour);

        Assert.StartsWith("Warning: The line's budget for the month is used: for 29.", Assert.Single(rig.Log.Lines));
        rig.Pass(TimeSpan.FromDays(31), Hour);
        rig.Send(500_000);
        rig.Pass(Hour, Hour);
        Assert.Equal(2, rig.Log.Lines.Count);
    }

    [Fact]
    public void The_forecast_goes_by_the_last_days()
    {
        using var rig = new TrafficRig("2027-04-01T00:00:00Z");
        rig.Options.BytesPerMonth = 1_000_000;
        rig.Start();
        Assert.Null(rig.Budget.Status().Month.Expected);
        for (int hour = 0; hour < 24 * 12; hour++)
        {
            // Dearer in the last week.
            rig.Send(hour < 24 * 5 ? 417 : 3_286);
            rig.Pass(Hour, Hour);
        }

        // 50,040 in the first five days, 552,048 in the other seven; 78,864 a day of late, less what the memory still knows of the first ones.
        PeriodStatus month = rig.Budget.Status().Month;
        Assert.Equal(50_040 + 552_048, month.Bytes);
        Assert.InRange(month.Expected!.Value, 1_800_000, 2_030_000);
        Assert.Matches(@"^60 % used on day 13 of 30, (18|19|20)\d % expected by the end$", month.Describe());
    }

    [Fact]
    public void The_backlog_waits_for_its_window_and_live_data_does_not()
    {
        using var rig = new TrafficRig("2027-01-01T12:00:00Z");
        Assert.True(BacklogWindow.TryParse("22:00-06:00", out BacklogWindow? night));
        rig.Options.BacklogWindows = [night];
        rig.Start();
        Assert.Equal((TimeSpan.Zero, TrafficBudget.AskAgain), (rig.Budget.WaitFor(SpoolLane.Live), rig.Budget.WaitFor(TrafficRig.Backlog)));
        TrafficStatus status = rig.Budget.Status();
        Assert.Equal("waiting until 2027-01-01 22:00Z: backlogWindows", status.Backlog.Describe(status.Now));
        rig.Pass((10 * Hour) - Minute, Minute);
        Assert.Equal(Minute, rig.Budget.WaitFor(TrafficRig.Backlog));
        rig.Pass(Minute, Minute);
        Assert.Equal(TimeSpan.Zero, rig.Budget.WaitFor(TrafficRig.Backlog));
        rig.Pass(8 * Hour, Minute);

        Assert.True(rig.Budget.WaitFor(TrafficRig.Backlog) > TimeSpan.Zero);
    }

    [Fact]
    public void Where_the_time_is_not_known_the_backlog_waits_for_it_a_day_at_most()
    {
        using var rig = new TrafficRig("1970-01-01T12:00:00Z") { IsTimeKnown = false };
        Assert.True(BacklogWindow.TryParse("22:00-06:00", out BacklogWindow? night));
        rig.Options.BacklogWindows = [night];
        rig.Start();
        rig.Pass(23 * Hour, Hour);
        Assert.Equal(HoldCause.ClockUnknown, rig.Budget.Status().Backlog.Cause);
        Assert.Equal(TimeSpan.Zero, rig.Budget.WaitFor(SpoolLane.Live));
        rig.Pass(Hour, Hour);

        Assert.Equal(TimeSpan.Zero, rig.Budget.WaitFor(TrafficRig.Backlog));
    }
}
