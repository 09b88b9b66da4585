using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Pcf8591Tests
{
    private const double Step = 3.3 / 256;

    [Fact]
    public void The_first_byte_of_a_read_is_old_and_never_a_value()
    {
        using ChipRig<SimulatedPcf8591> rig = Rig();
        rig.Model.Inputs.Held = [10 * Step, 20 * Step, 30 * Step, 40 * Step];
        Assert.Equal([10, 20, 30, 40], Steps(rig.PrepareAndMeasure()));

        rig.Model.Inputs.Held = [11 * Step, 21 * Step, 31 * Step, 41 * Step];
        Assert.Equal([11, 21, 31, 41], Steps(rig.Measure()));
    }

    [Fact]
    public void After_a_loss_of_power_neither_the_80h_of_the_start_nor_another_channel_is_a_value()
    {
        using ChipRig<SimulatedPcf8591> rig = Rig();
        rig.Model.Inputs.Held = [10 * Step, 20 * Step, 30 * Step, 40 * Step];
        rig.PrepareAndMeasure();

        Assert.Equal([10, 20, 30, 40], Steps(rig.Measure(rig.Model.LosePower)));
    }

    [Fact]
    public void Differences_have_a_sign()
    {
        using ChipRig<SimulatedPcf8591> rig = Rig("a0-a3", "a1-a3", "a2-a3", "a0-a1");
        rig.Model.Inputs.Held = [100 * Step, 20 * Step, 31 * Step, 30 * Step];

        Assert.Equal([70, -10, 1, 80], Steps(rig.PrepareAndMeasure()));
    }

    [Fact]
    public void What_is_beyond_an_end_is_out_of_range_and_ground_is_not()
    {
        using ChipRig<SimulatedPcf8591> rig = Rig("a0", "a1", "a2", "a0-a3", "a0-a1");
        rig.Model.Inputs.Held = [0, 3.3, 254 * Step, 3.3];

        Measured[] values = rig.PrepareAndMeasure();

        Assert.Equal([Quality.Good, Quality.OutOfRange, Quality.Good, Quality.OutOfRange, Quality.OutOfRange], values.Select(value => value.Quality));
        Assert.Equal(0, values[0].Value);
        Assert.Equal(254 * Step, values[2].Value, 1e-9);
    }

    [Fact]
    public void A_chip_that_does_not_answer_is_no_chip()
    {
        using ChipRig<SimulatedPcf8591> rig = Rig();
        rig.Model.Fault = SimulatedFault.NoAnswer;

        Assert.Throws<IOException>(() => rig.Driver.Prepare());
    }

    private static ChipRig<SimulatedPcf8591> Rig(params string[] names)
    {
        AnalogChannel[] channels = names.Length == 0 ? Pcf8591.Channels[..4] : [.. names.Select(name => Pcf8591.Channels.Single(channel => channel.Name == name))];
        return new((room, _) => new SimulatedPcf8591(room), device => new Pcf8591(device, channels, 3.3));
    }

    private static IEnumerable<double> Steps(Measured[] values) => values.Select(value => Math.Round(value.Value / Step, 6));
}
