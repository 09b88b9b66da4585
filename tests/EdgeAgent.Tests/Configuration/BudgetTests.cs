using EdgeAgent.Batching;
using EdgeAgent.Configuration;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Tests.Configuration;

/// <summary>Section budget, and the profile of the line.</summary>
public sealed class BudgetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_the_section_nothing_is_limited()
    {
        BudgetOptions budget = Read.Sound(_folder, $"{{ {Read.Cloud(_folder)} }}").Budget;

        Assert.Equal((null, null, 0), (budget.BytesPerDay, budget.BytesPerMonth, budget.BacklogWindows.Count));
        Assert.Equal(TimeZoneInfo.Local, budget.Zone);
    }

    [Fact]
    public void A_budget_with_windows_in_a_time_zone_is_read()
    {
        BudgetOptions budget = Read.Sound(_folder, $$"""
            { {{Read.Cloud(_folder)}}, "budget": {
              "perDay": "4MB", "perMonth": "90MB", "monthStartsOn": 15, "backlogShare": 0, "timeZone": "Europe/Berlin",
              "backlogWindows": [ "22:00-06:00", "Sa,Su 00:00-24:00" ] } }
            """).Budget;

        Assert.Equal((4_000_000L, 90_000_000L, 15, 0), (budget.BytesPerDay, budget.BytesPerMonth, budget.MonthStartsOn, budget.BacklogShare));
        Assert.Equal("Europe/Berlin", budget.Zone.Id);
        Assert.Equal([new BacklogWindow(0b111_1111, 22 * 60, 6 * 60), new BacklogWindow(0b100_0001, 0, 24 * 60)], budget.BacklogWindows);
    }

    [Theory]
    [InlineData(""" "perDay": "1GB", "perMonth": "100MB" """, "/budget/perDay: This is more than \"perMonth\". Make it smaller, or remove it.")]
    [InlineData(""" "perMonth": "1kB" """, "/budget/perMonth: \"1kB\" is out of range. Choose a size from 64KiB to 1024GiB.")]
    [InlineData(""" "monthStartsOn": 31 """, "/budget/monthStartsOn: 31 is not a whole number from 1 to 28. Choose one in this range.")]
    [InlineData(
        """ "timeZone": "Mars/Olympus" """,
        "/budget/timeZone: This machine knows no time zone \"Mars/Olympus\". Write one as in /usr/share/zoneinfo, such as \"Europe/Berlin\" or \"UTC\".")]
    [InlineData(
        """ "backlogWindows": ["22:00-06:00", "at night"] """,
        "/budget/backlogWindows/1: \"at night\" is not a window. Write \"22:00-06:00\", \"Mo-Fr 19:00-07:00\" or \"Sa,Su 00:00-24:00\".")]
    public void What_is_wrong_is_told_in_one_sentence(string keys, string expected)
    {
        string error = Assert.Single(Read.Errors(_folder, $"{{ {Read.Cloud(_folder)}, \"budget\": {{ {keys} }} }}"));

        Assert.EndsWith(expected, error);
    }

    [Fact]
    public void The_metered_profile_changes_defaults_and_a_key_that_is_given_wins()
    {
        (UplinkOptions cloud, BatchOptions batch) = Metered("");
        Assert.Equal(
            (TimeSpan.Zero, TimeSpan.FromMinutes(12), TimeSpan.FromDays(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5)),
            (cloud.SessionLinger, cloud.ConnectionIdle, cloud.MaximumConnectionAge, cloud.KeepAlive, batch.MaximumAge));

        (cloud, batch) = Metered(
            """, "sessionLinger": "1s", "connectionIdle": "2s", "maximumConnectionAge": "3m", "keepAlive": "5s" }, "batch": { "maximumAge": "6s" """);
        Assert.Equal(
            (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6)),
            (cloud.SessionLinger, cloud.ConnectionIdle, cloud.MaximumConnectionAge, cloud.KeepAlive, batch.MaximumAge));
    }

    private (UplinkOptions Cloud, BatchOptions Batch) Metered(string more)
    {
        AgentConfiguration configuration = Read.Sound(_folder, $"{{ {Read.Cloud(_folder).TrimEnd()[..^1]}, \"profile\": \"metered\" {more} }} }}");
        return (configuration.Cloud, configuration.Batch);
    }
}
