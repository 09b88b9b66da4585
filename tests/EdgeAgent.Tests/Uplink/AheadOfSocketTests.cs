using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class AheadOfSocketTests
{
    private readonly AheadOfSocket _ahead = new();
    private long _taken;
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    [Fact]
    public void On_a_slow_line_no_more_lies_ahead_than_it_takes_in_a_twentieth_of_a_second_and_one_record()
    {
        long handed = 0, most = 0;
        for (int i = 0; i < 10_000; i++)
        {
            if (_ahead.HasRoom)
            {
                _ahead.Add(2_000);
                handed += 2_000;
            }
            Pass(TimeSpan.FromMilliseconds(10), Math.Min(handed - _taken, 1_250));
            most = i > 100 ? Math.Max(most, handed - _taken) : 0;
        }
        Assert.InRange(most, 1, 6_250 + 2_000);
        // And the line is never without work.
        Assert.InRange(_taken, 12_400_000, 12_500_000);
    }

    [Fact]
    public void On_a_fast_line_it_soon_holds_nobody_up()
    {
        for (int i = 0; i < 100; i++)
        {
            long handed = 0;
            while (_ahead.HasRoom && handed < 500_000)
            {
                _ahead.Add(50_000);
                handed += 50_000;
            }
            Pass(TimeSpan.FromMilliseconds(10), handed);
        }
        Assert.True(_ahead.Allowance >= 2_500_000, $"It is {_ahead.Allowance}.");
    }

    [Fact]
    public void What_died_with_its_session_is_forgotten()
    {
        _ahead.Add(1_000_000);
        Pass(TimeSpan.FromMilliseconds(500), 1);
        Assert.False(_ahead.HasRoom);
        Pass(TimeSpan.FromSeconds(2), 0);
        Assert.True(_ahead.HasRoom);
    }

    private void Pass(TimeSpan time, long taken)
    {
        _now += time;
        _taken += taken;
        _ahead.Observe(_now, _taken);
    }
}
