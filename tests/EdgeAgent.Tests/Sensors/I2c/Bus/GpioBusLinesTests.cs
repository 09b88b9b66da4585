using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>The wires of a bus as lines of a chip in memory.</summary>
public sealed class GpioBusLinesTests
{
    private readonly SimulatedGpio _gpio = new(new ManualTimeProvider());
    private readonly SimulatedLine _clock, _data;
    private readonly GpioBusLinesSource _source;

    public GpioBusLinesTests()
    {
        SimulatedGpioChip chip = _gpio.AddChip("bank");
        (_clock, _data) = (chip.AddLine("scl"), chip.AddLine("sda"));
        _source = new GpioBusLinesSource(_gpio);
    }

    [Theory]
    [InlineData("scl", "sda")]
    [InlineData("bank:0", "bank:1")]
    public void Lines_are_found_by_name_or_by_chip_and_number_and_a_bus_is_clocked_free_with_them(string scl, string sda)
    {
        using (IBusLines lines = _source.Request(scl, sda))
        {
            Assert.Equal(RecoveryOutcome.Done, BusClearing.Clear(lines));
            lines.SetScl(false);
            Assert.Equal((false, true), (_clock.IsHigh, _data.IsHigh));
            Assert.Equal((false, true), (lines.IsSclHigh(), lines.IsSdaHigh()));
        }
        Assert.True(_clock.IsHigh && _data.IsHigh);
    }

    [Fact]
    public void Lines_that_are_not_there_are_named()
    {
        IOException absent = Assert.Throws<IOException>(() => _source.Request("scl", "nowhere"));

        Assert.Contains("nowhere", absent.Message, StringComparison.Ordinal);
    }
}
