using EdgeAgent.Spooling;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Tests.Uplink.Budget;

/// <summary>A device with more to send than it may, through years in which whatever happens to processes, machines and clocks happens to it.</summary>
public sealed class SimulatedYearsTests
{
    private const long PerDay = 1_000_000;
    private const long PerMonth = 10_000_000;

    /// <summary>What is allowed when a byte is left, and sent then.</summary>
    private const long Record = 20_000;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(20);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_day_and_no_month_of_the_calendar_costs_more_than_its_budget(int seed)
    {
        var random = new Random(seed);
        // 2028 is a leap year.
        using TrafficRig rig = Start("2027-12-20T00:00:00Z", startsOn: random.Next(1, 29));
        var calendar = new BillingCalendar(TimeZoneInfo.Utc, rig.Options.MonthStartsOn);
        var days = new Dictionary<DateTimeOffset, long>();
        var months = new Dictionary<DateTimeOffset, long>();
        while (rig.Time.GetUtcNow().Year < 2029)
        {
            Trouble(rig, random);
            long sent = SendWhatMayGo(rig);
            Add(days, calendar.DayOf(rig.Time.GetUtcNow()).Begin, sent);
            Add(months, calendar.MonthOf(rig.Time.GetUtcNow()).Begin, sent);
            rig.Time.Advance(Step);
        }

        Assert.All(days.Values, sent => Assert.InRange(sent, 0, PerDay + Record));
        Assert.All(months.Values, sent => Assert.InRange(sent, 0, PerMonth + Record));
        // And it is used: what deaths take as sent is a small part.
        Assert.All(months.Values.SkipLast(1).Skip(1), sent => Assert.True(sent > 0.8 * PerMonth, $"{sent} bytes in a month"));

        static void Add(Dictionary<DateTimeOffset, long> sums, DateTimeOffset begin, long sent) => sums[begin] = sums.GetValueOrDefault(begin) + sent;
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_clock_that_jumps_by_years_brings_no_further_budget_and_takes_none_away_for_long(int seed)
    {
        var random = new Random(seed);
        using TrafficRig rig = Start("2027-01-01T00:00:00Z", startsOn: 1);
        DateTimeOffset truth = rig.Time.GetUtcNow(), end = truth.AddYears(2);
        long total = 0;
        while (truth < end)
        {
            if (random.Next(200) == 0)
            {
                // Every few days, for some hours; often with a new process in it.
                rig.Time.SetWallClock(truth.AddDays(random.Next(-3_650, 3_650)));
            }
            else if (random.Next(20) == 0)
            {
                rig.Time.SetWallClock(truth);
            }
            if (random.Next(100) == 0)
            {
                rig.Budget.Close();
                rig.Start();
            }
            total += SendWhatMayGo(rig);
            rig.Time.Advance(Step);
            truth += Step;
        }

        // Two years are 27 times 27 days, and the one at the beginning.
        Assert.InRange(total, 20 * PerMonth, 28 * (PerMonth + Record));
    }

    private static TrafficRig Start(string at, int startsOn)
    {
        var rig = new TrafficRig(at);
        (rig.Options.BytesPerDay, rig.Options.BytesPerMonth, rig.Options.MonthStartsOn) = (PerDay, PerMonth, startsOn);
        return rig.Start();
    }

    private static void Trouble(TrafficRig rig, Random random)
    {
        switch (random.Next(400))
        {
            case 0:
                // Killed.
                rig.Start();
                break;
            case 1:
                rig.Budget.Close();
                rig.Start();
                break;
            case 2:
                // A power cut; the time is found within six hours.
                rig.IsTimeKnown = false;
                rig.Reboot(TimeSpan.FromHours(random.Next(0, 40)));
                break;
        }
        rig.IsTimeKnown |= rig.Time.GetElapsedTime(0) > TimeSpan.FromHours(6) || random.Next(10) == 0;
    }

    private static long SendWhatMayGo(TrafficRig rig)
    {
        long sent = 0;
        for (int record = 0; record < 20 && rig.Budget.WaitFor(record % 2 == 0 ? SpoolLane.Live : TrafficRig.Backlog) == TimeSpan.Zero; record++)
        {
            rig.Send(Record);
            sent += Record;
        }
        rig.Budget.Count();
        return sent;
    }
}
