using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Sampling;

public sealed class SamplingGridTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 3)]
    [InlineData(4, 13)]
    [InlineData(-6, 3)]
    [InlineData(-7, -7)]
    [InlineData(-8, -7)]
    public void The_next_slot_is_now_or_later_also_before_1970(long now, long slot) =>
        Assert.Equal(slot * Second, Grid(10, 3).AtOrAfter(now * Second));

    [Theory]
    [InlineData(14, 10)]
    [InlineData(16, 20)]
    [InlineData(-4, 0)]
    [InlineData(-6, -10)]
    public void The_nearest_slot_may_be_over(long now, long slot) => Assert.Equal(slot * Second, Grid(10, 0).Nearest(now * Second));

    [Theory]
    [InlineData(1, 0.01)]
    [InlineData(0.001, 0.00001)]
    [InlineData(1_000, 0.05)]
    public void A_hundredth_of_the_interval_and_at_most_50_ms_are_in_time(double interval, double tolerance) =>
        Assert.Equal((long)(tolerance * Second), Grid(interval, 0).Tolerance);

    [Fact]
    public void After_any_step_of_the_clock_the_next_poll_is_half_an_interval_to_one_and_a_half_after_the_last_one()
    {
        var chance = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            double interval = Math.Pow(10, (chance.NextDouble() * 6) - 3);
            var slot = new SensorSlot(Grid(interval, interval * chance.NextDouble()));
            long shift = chance.NextInt64(2_000_000_000 * Second);
            slot.Begin(chance.NextInt64(1_000_000 * Second), shift);
            long last = slot.Due;
            long length = slot.Grid.Interval;
            if (i % 2 == 0)
            {
                // The step comes while the sensor waits, or else while it is at work.
                slot.Advance(last, 1);
            }
            slot.Realign(shift + chance.NextInt64(-100_000 * Second, 100_000 * Second));
            if (i % 2 == 1)
            {
                slot.Advance(last, 1);
            }
            Assert.InRange(slot.Due - last, (length / 2) - 1, (length * 3 / 2) + 1);
        }
    }

    [Theory]
    [InlineData(9, 1, 10, 0)]
    [InlineData(10, 1, 10, 0)]
    [InlineData(19, 1, 10, 0)]
    [InlineData(20, 1, 20, 1)]
    [InlineData(35, 1, 30, 2)]
    [InlineData(35, 4, 40, 0)]
    public void A_slot_is_missed_when_the_next_one_has_come_before_it_could_be_met(long now, long slots, long due, long missed)
    {
        var slot = new SensorSlot(Grid(10, 0));
        slot.Begin(0, 0);
        Assert.Equal(missed, slot.Advance(now * Second, slots));
        Assert.Equal(due * Second, slot.Due);
    }

    private static SamplingGrid Grid(double interval, double phase) => new(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(phase));
}
