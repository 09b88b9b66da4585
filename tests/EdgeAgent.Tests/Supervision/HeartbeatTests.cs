using EdgeAgent.Supervision;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Supervision;

public sealed class HeartbeatTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_stage_that_has_not_begun_is_not_stuck() => Assert.True(Beat().Overdue < TimeSpan.Zero);

    [Fact]
    public void A_stage_that_does_not_turn_again_within_its_patience_is_stuck_until_it_does()
    {
        Heartbeat heart = Beat();
        heart.Turn();
        _time.Advance(Patience);
        Assert.Equal(TimeSpan.Zero, heart.Overdue);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), heart.Overdue);

        heart.Turn();
        Assert.Equal(-Patience, heart.Overdue);
    }

    [Fact]
    public void A_stage_that_says_so_has_longer()
    {
        Heartbeat heart = Beat();
        heart.Turn(TimeSpan.FromMinutes(5));

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.Zero, heart.Overdue);
    }

    [Fact]
    public void A_stage_that_rests_may_do_so_for_ever()
    {
        Heartbeat heart = Beat();
        heart.Turn();
        heart.Rest();

        _time.Advance(TimeSpan.FromDays(400));
        heart.Knock();
        Assert.True(heart.Overdue < TimeSpan.Zero);
    }

    [Fact]
    public void A_stage_that_rests_and_is_knocked_for_has_to_turn()
    {
        int knocked = 0;
        Heartbeat heart = new("x", Patience, _time, () => knocked++);
        heart.Knock();
        Assert.Equal((1, -Patience), (knocked, heart.Overdue));

        heart.Turn();
        heart.Rest();
        Assert.True(heart.Overdue < -Patience);
    }

    [Fact]
    public void A_knock_gives_a_stage_that_is_stuck_no_more_time()
    {
        int knocked = 0;
        Heartbeat heart = new("x", Patience, _time, () => knocked++);
        heart.Turn();
        _time.Advance(2 * Patience);
        heart.Knock();

        Assert.Equal((0, Patience), (knocked, heart.Overdue));
    }

    [Fact]
    public void A_turn_costs_no_object()
    {
        Heartbeat heart = Beat();
        heart.Turn();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            heart.Turn();
            heart.Rest();
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private Heartbeat Beat() => new("x", Patience, _time);
}
