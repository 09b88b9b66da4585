using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Tests.RemoteConfig;

public sealed class TrialJudgeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TrialSample Good = new(IsReceipted: true, Lost: 0, BacklogGrowth: 0, SensorsAsked: 2, SensorsAnswered: 1, HasEnded: false);
    private readonly TrialJudge _judge = new(Limit);

    [Fact]
    public void A_revision_with_a_receipt_is_proven_after_a_fifth_of_its_time_and_not_before()
    {
        Assert.Equal(TrialVerdict.NotYet, _judge.Look((Limit / 5) - TimeSpan.FromTicks(1), Good));
        Assert.Equal(TrialVerdict.Proven, _judge.Look(Limit / 5, Good));
    }

    [Fact]
    public void Without_a_receipt_it_goes_back_when_its_time_is_over()
    {
        Assert.Equal(TrialVerdict.NotYet, _judge.Look(Limit - TimeSpan.FromTicks(1), Good with { IsReceipted = false }));
        Assert.Equal(TrialVerdict.NoReceipt, _judge.Look(Limit, Good with { IsReceipted = false }));
    }

    [Fact]
    public void Sensors_of_which_none_answers_have_the_whole_time_and_then_it_goes_back()
    {
        TrialSample silent = Good with { SensorsAnswered = 0 };
        Assert.Equal(TrialVerdict.NotYet, _judge.Look(Limit / 2, silent));
        Assert.Equal(TrialVerdict.NoSensorAnswers, _judge.Look(Limit, silent));
        Assert.Equal(TrialVerdict.Proven, _judge.Look(Limit, Good with { SensorsAsked = 0, SensorsAnswered = 0 }));
    }

    [Fact]
    public void Readings_that_go_on_being_lost_bring_it_back_at_once()
    {
        Assert.Equal(TrialVerdict.NotYet, Look(1, lost: 10));
        Assert.Equal(TrialVerdict.NotYet, Look(2, lost: 20));
        Assert.Equal(TrialVerdict.LosesReadings, Look(3, lost: 30));
    }

    [Fact]
    public void One_stutter_while_the_change_is_made_is_forgiven()
    {
        Assert.Equal(TrialVerdict.NotYet, Look(1, lost: 10));
        Assert.Equal(TrialVerdict.NotYet, Look(2, lost: 20));
        Assert.Equal(TrialVerdict.NotYet, Look(3, lost: 20));
        Assert.Equal(TrialVerdict.Proven, _judge.Look(Limit / 5, Good with { Lost = 20 }));
    }

    [Fact]
    public void Many_looks_in_a_moment_are_one()
    {
        for (int i = 1; i < 10; i++)
        {
            Assert.Equal(TrialVerdict.NotYet, _judge.Look(_judge.Interval + TimeSpan.FromMilliseconds(i), Good with { Lost = i }));
        }
    }

    [Fact]
    public void A_backlog_that_the_line_does_not_carry_away_brings_it_back()
    {
        TrialSample growing = Good with { BacklogGrowth = 1_000_000 };
        Assert.Equal(TrialVerdict.NotYet, _judge.Look(Limit / 2, growing));
        Assert.Equal(TrialVerdict.FallsBehind, _judge.Look(Limit, growing));
    }

    [Fact]
    public void A_backlog_that_drains_in_time_does_not()
    {
        Assert.Equal(TrialVerdict.NotYet, _judge.Look(Limit / 5, Good with { BacklogGrowth = 1_000_000 }));
        Assert.Equal(TrialVerdict.Proven, _judge.Look(Limit / 2, Good with { BacklogGrowth = 1_000 }));
    }

    [Fact]
    public void An_inside_that_ends_brings_it_back_at_once() => Assert.Equal(TrialVerdict.Ended, _judge.Look(TimeSpan.Zero, Good with { HasEnded = true }));

    private TrialVerdict Look(int look, long lost) => _judge.Look(look * _judge.Interval, Good with { Lost = lost });
}
