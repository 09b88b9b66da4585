using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Tests.Configs;

public sealed class RolloutRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    // Nobody has answered yet, or too few have applied it, or one that got it says nothing.
    [InlineData(10, 0, 0, 0, nameof(RolloutStep.Stay))]
    [InlineData(10, 4, 4, 0, nameof(RolloutStep.Stay))]
    [InlineData(10, 10, 9, 0, nameof(RolloutStep.Stay))]
    // All whom it reached have answered, half of them all have applied it.
    [InlineData(10, 5, 5, 0, nameof(RolloutStep.Soak))]
    [InlineData(10, 10, 9, 1, nameof(RolloutStep.Soak))]
    // One alone proves nothing, two do.
    [InlineData(10, 10, 0, 1, nameof(RolloutStep.Stay))]
    [InlineData(10, 10, 1, 1, nameof(RolloutStep.Stop))]
    [InlineData(10, 10, 4, 1, nameof(RolloutStep.Stay))]
    [InlineData(10, 10, 3, 1, nameof(RolloutStep.Stop))]
    // Unless it is all there is.
    [InlineData(1, 1, 0, 1, nameof(RolloutStep.Stop))]
    [InlineData(1, 1, 1, 0, nameof(RolloutStep.Soak))]
    public void A_stage_goes_on_when_it_is_proven_and_stops_beyond_its_limit(long devices, long reached, long applied, long givenUp, string step) =>
        Assert.Equal(step, RolloutRules.Next(Example(), new RolloutTally(devices, reached, applied, givenUp, devices, applied), Start).ToString());

    [Fact]
    public void What_the_stages_before_have_proven_does_not_prove_the_next()
    {
        Rollout second = Example() with { Stage = 1 };
        Assert.Equal(RolloutStep.Stay, RolloutRules.Next(second, new RolloutTally(10, 5, 5, 0, 5, 0), Start));
        Assert.Equal(RolloutStep.Soak, RolloutRules.Next(second, new RolloutTally(10, 8, 8, 0, 5, 3), Start));
    }

    [Fact]
    public void The_last_stage_finishes()
    {
        Assert.Equal(RolloutStep.Finish, RolloutRules.Next(Example() with { Stage = 2 }, new RolloutTally(10, 10, 10, 0, 5, 5), Start));
    }

    [Fact]
    public void A_proven_stage_waits_for_its_time_or_for_a_hand_and_still_stops()
    {
        Rollout soaking = Example() with { State = RolloutState.Soaking, Entered = Start.ToUnixNanoseconds() };
        var good = new RolloutTally(10, 10, 10, 0, 5, 5);
        Assert.Equal(RolloutStep.Stay, RolloutRules.Next(soaking, good, Start + TimeSpan.FromMinutes(29)));
        Assert.Equal(RolloutStep.Advance, RolloutRules.Next(soaking, good, Start + TimeSpan.FromMinutes(30)));
        Assert.Equal(RolloutStep.Stay, RolloutRules.Next(soaking with { Soak = TimeSpan.Zero }, good, Start + TimeSpan.FromDays(30)));
        Assert.Equal(RolloutStep.Stop, RolloutRules.Next(soaking, new RolloutTally(10, 10, 7, 3, 5, 5), Start));
    }

    [Fact]
    public void What_was_known_when_somebody_went_on_counts_no_more()
    {
        Rollout continued = Example() with { Forgiven = 3 };
        Assert.Equal(RolloutStep.Stay, RolloutRules.Next(continued, new RolloutTally(10, 10, 4, 3, 5, 4), Start));
        Assert.Equal(RolloutStep.Stop, RolloutRules.Next(continued, new RolloutTally(10, 10, 4, 5, 5, 4), Start));
    }

    [Theory]
    [InlineData(nameof(RolloutState.Finished))]
    [InlineData(nameof(RolloutState.Stopped))]
    [InlineData(nameof(RolloutState.Withdrawn))]
    [InlineData(nameof(RolloutState.Superseded))]
    public void What_is_over_stays_over(string state) => Assert.Equal(
        RolloutStep.Stay, RolloutRules.Next(Example() with { State = Enum.Parse<RolloutState>(state) }, new RolloutTally(10, 10, 0, 10, 10, 0), Start));

    [Theory]
    [InlineData("10%", "10%,100%")]
    [InlineData("5, 50%,100%", "5,50%,100%")]
    [InlineData("100%", "100%")]
    [InlineData("0", null)]
    [InlineData("101%", null)]
    [InlineData("-1", null)]
    [InlineData("", null)]
    [InlineData("5,,6", null)]
    public void Stages_are_numbers_and_percentages_and_end_with_all(string text, string? expected)
    {
        Assert.Equal(expected is not null, RolloutStage.TryParseAll(text, out IReadOnlyList<RolloutStage> stages));
        if (expected is not null)
        {
            Assert.Equal(expected, RolloutStage.Format(stages));
        }
    }

    private static Rollout Example() => new(
        1, Layer.Fleet, 2, 1, [new RolloutStage(10, true), new RolloutStage(50, true), RolloutStage.All], 0, TimeSpan.FromMinutes(30), 0.2, 0,
        RolloutState.Sending, "", "anna", 0, 0);
}
