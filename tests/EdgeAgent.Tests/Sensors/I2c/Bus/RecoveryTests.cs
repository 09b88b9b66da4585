using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Bus;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>When a bus counts as stuck, what is done about it, and how often.</summary>
public sealed class RecoveryTests
{
    private static readonly RecoveryOptions Everything = new() { Driver = true, Lines = ("SCL", "SDA") };

    [Fact]
    public async Task A_stuck_bus_is_left_alone_between_the_steps_of_its_recovery_and_works_again_with_the_first_sign_of_life()
    {
        using var bus = new BusFixture();
        I2cSensor first = bus.Sensor(0x10), second = bus.Sensor(0x11);
        await BusFixture.MeasureAsync(first);
        int transfers = 0;
        bus.OnTransfer = _ =>
        {
            transfers++;
            throw FakeI2cBus.Errno(110);
        };
        foreach (I2cSensor sensor in new[] { first, first, second })
        {
            await BusFixture.MeasureAsync(sensor);
        }
        Assert.Equal(1, bus.Metrics.I2cStuck.At("1").Value);

        // Nothing is due yet: the wire is left alone.
        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(first));
        Assert.Equal(3, transfers);
        Assert.Equal((3, 1), (bus[I2cFailureCause.Timeout], bus[I2cFailureCause.BusStuck]));

        // The first step does not help, the next one is due twice as late.
        bus.Time.Advance(RecoveryLadder.FirstPause);
        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(first));
        Assert.Equal(4, transfers);
        bus.Time.Advance(RecoveryLadder.FirstPause);
        await BusFixture.MeasureAsync(first);
        Assert.Equal(4, transfers);

        // Nobody acknowledges: the chip is gone, but the bus lives.
        bus.OnTransfer = _ => throw FakeI2cBus.Errno(121);
        bus.Time.Advance(RecoveryLadder.FirstPause);
        await BusFixture.MeasureAsync(first);
        Assert.Equal(0, bus.Metrics.I2cStuck.At("1").Value);
        bus.OnTransfer = _ => { };
        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(second));
        Assert.Equal(3, bus.Opened.Count);
    }

    [Fact]
    public async Task One_chip_that_is_ill_does_not_make_the_bus_count_as_stuck()
    {
        using var bus = new BusFixture();
        I2cSensor ill = bus.Sensor(0x10), well = bus.Sensor(0x11);
        bus.OnTransfer = address =>
        {
            if (address == 0x10)
            {
                throw FakeI2cBus.Errno(110);
            }
        };
        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(well));
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(ill));
        }

        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(well));
        Assert.Single(bus.Opened);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(13)]
    [InlineData(98)]
    public async Task What_is_no_sign_of_a_held_line_never_begins_a_recovery(int errno)
    {
        using var bus = new BusFixture();
        I2cSensor sensor = bus.Sensor(0x10);
        bus.OnTransfer = _ => throw FakeI2cBus.Errno(errno);
        for (int i = 0; i < 10; i++)
        {
            await BusFixture.MeasureAsync(sensor);
        }

        Assert.Equal(0, bus.Metrics.I2cStuck.At("1").Value);
        Assert.Single(bus.Opened);
    }

    [Fact]
    public async Task A_chip_that_holds_the_data_line_is_clocked_free_through_the_lines_that_are_wired()
    {
        using var lines = new FakeLines { ClocksUntilFree = 5 };
        using var bus = new BusFixture(new RecoveryOptions { Lines = ("SCL", "SDA") }, lines);
        I2cSensor sensor = bus.Sensor(0x10);
        bus.OnTransfer = _ =>
        {
            if (!lines.IsSdaHigh())
            {
                throw FakeI2cBus.Errno(110);
            }
        };
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(sensor));
        }

        // Opening anew comes first, and does not help.
        bus.Time.Advance(RecoveryLadder.FirstPause);
        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(sensor));
        bus.Time.Advance(2 * RecoveryLadder.FirstPause);
        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(sensor));
        Assert.Equal(1, bus.Metrics.I2cRecoveries.At("1")[RecoveryStep.Lines]);
        Assert.Equal(["SCL SDA"], lines.Requests);
        Assert.True(lines.IsGivenBack);
    }

    [Fact]
    public void Steps_are_tried_from_the_gentlest_in_turn_at_pauses_that_grow_to_five_minutes()
    {
        var time = new EdgeAgent.Testing.ManualTimeProvider();
        var ladder = new RecoveryLadder(Everything.Steps, time);
        ladder.Begin();
        var steps = new List<(int Second, RecoveryStep Step)>();
        for (int second = 0; second <= 2_000; second++)
        {
            if (ladder.Next() is { } step)
            {
                steps.Add((second, step));
            }
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111, 1411, 1711], steps.Select(step => step.Second));
        Assert.Equal([RecoveryStep.Reopen, RecoveryStep.Lines, RecoveryStep.Driver, RecoveryStep.Reopen], steps.Take(4).Select(step => step.Step));
    }

    [Fact]
    public void What_is_not_configured_is_not_a_step() => Assert.Equal([RecoveryStep.Reopen], new RecoveryOptions().Steps);
}
