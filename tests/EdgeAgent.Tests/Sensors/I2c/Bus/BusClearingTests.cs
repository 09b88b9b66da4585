using EdgeAgent.Sensors.I2c.Bus;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>UM10204, section 3.1.16.</summary>
public sealed class BusClearingTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(9, 10)]
    public void A_chip_that_lets_go_within_nine_clocks_is_freed_and_the_bus_ends_with_a_stop(int held, int clocks)
    {
        using var lines = new FakeLines { ClocksUntilFree = held };

        Assert.Equal(RecoveryOutcome.Done, BusClearing.Clear(lines));

        // One clock more is the one of the STOP.
        Assert.Equal((clocks, 1, 0), (lines.Clocks, lines.Stops, lines.Starts));
        Assert.True(lines.IsSclHigh() && lines.IsSdaHigh());
    }

    [Fact]
    public void A_data_line_that_stays_low_is_told_after_nine_clocks()
    {
        using var lines = new FakeLines { ClocksUntilFree = 100 };

        Assert.Equal(RecoveryOutcome.DataHeld, BusClearing.Clear(lines));

        Assert.Equal(BusClearing.Clocks, lines.Clocks);
    }

    [Fact]
    public void A_clock_that_is_held_is_told_and_not_fought()
    {
        using var lines = new FakeLines { HoldsClock = true, ClocksUntilFree = 3 };

        Assert.Equal(RecoveryOutcome.ClockHeld, BusClearing.Clear(lines));

        Assert.Equal(0, lines.Clocks);
    }
}
