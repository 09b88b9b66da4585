using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Mcp9808Tests : IDisposable
{
    private readonly ChipRig<SimulatedMcp9808> _rig = new((room, time) => new SimulatedMcp9808(room, time), device => new Mcp9808(device));

    public void Dispose() => _rig.Dispose();

    [Theory]
    // DS25095, "timing diagram for reading +25.25 °C temperature from the T_A register": C1h 94h, three alert flags above.
    [InlineData(0xC194, 25.25)]
    [InlineData(0x0001, 0.0625)]
    // 13 bits with sign: -0.0625 °C, -40 °C.
    [InlineData(0x3FFF, -0.0625)]
    [InlineData(0x3D80, -40)]
    public void The_register_is_read_as_the_datasheet_reads_it(int register, double celsius)
    {
        Assert.Equal(celsius, Mcp9808.Celsius((ushort)register));
    }

    [Theory]
    [InlineData(25.25, Quality.Good)]
    [InlineData(0, Quality.Good)]
    [InlineData(-0.0625, Quality.Good)]
    [InlineData(-40, Quality.Good)]
    [InlineData(125, Quality.Good)]
    [InlineData(125.0625, Quality.OutOfRange)]
    [InlineData(-40.0625, Quality.OutOfRange)]
    public void A_temperature_is_measured_within_the_chips_range(double celsius, object quality)
    {
        _rig.Model.Celsius = celsius;

        Measured value = Assert.Single(_rig.PrepareAndMeasure());

        Assert.Equal((Quality)quality == Quality.Good ? Measured.Good(celsius) : Measured.None((Quality)quality), value);
    }

    [Fact]
    public void The_zero_degrees_of_a_chip_that_lost_its_power_are_no_value()
    {
        _rig.Model.Celsius = 21.5;
        _rig.PrepareAndMeasure();

        Assert.Equal(Measured.None(Quality.NotReady), Assert.Single(_rig.Measure(_rig.Model.LosePower)));
        _rig.Model.LosePower();
        Assert.Equal(Measured.Good(21.5), Assert.Single(_rig.Measure()));
    }

    [Fact]
    public void Another_chip_and_no_chip_are_told_apart()
    {
        _rig.Model.Fault = SimulatedFault.WrongChip;
        Assert.Equal(ChipState.WrongChip, _rig.Driver.Prepare());
        _rig.Model.Fault = SimulatedFault.NoAnswer;
        Assert.Throws<IOException>(() => _rig.Driver.Prepare());
    }
}
