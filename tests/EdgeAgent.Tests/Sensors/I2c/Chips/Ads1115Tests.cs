using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Ads1115Tests
{
    /// <summary>±2.048 V: a step is 62.5 µV.</summary>
    private static readonly Ads1115Options TwoVolts = new() { Gain = 2 };

    [Theory]
    // "Input signal versus ideal output code" of SBAS444: 7FFFh, 0001h, 0000h; and the code below the end.
    [InlineData(2.048, Quality.OutOfRange, 0)]
    [InlineData(2.5, Quality.OutOfRange, 0)]
    [InlineData(2.048 * 32_766 / 32_768, Quality.Good, 2.047_875)]
    [InlineData(0.000_062_5, Quality.Good, 0.000_062_5)]
    [InlineData(0, Quality.Good, 0)]
    public void The_codes_at_the_ends_are_out_of_range_and_all_others_are_volts(double volts, object quality, double value)
    {
        using ChipRig<SimulatedAds1115> rig = Rig(TwoVolts);
        rig.Model.Inputs.Held = [volts, 0, 0, 0];

        Measured measured = rig.PrepareAndMeasure()[0];

        Assert.Equal((Quality)quality, measured.Quality);
        Assert.Equal(value, measured.Value, 1e-9);
    }

    [Theory]
    // FFFFh and 8000h.
    [InlineData(0.000_062_5, Quality.Good, -0.000_062_5)]
    [InlineData(1.5, Quality.Good, -1.5)]
    [InlineData(2.048, Quality.OutOfRange, 0)]
    public void A_difference_may_be_negative(double second, object quality, double value)
    {
        using ChipRig<SimulatedAds1115> rig = Rig(new Ads1115Options { Gain = 2, Channels = [Ads1115.Channels[4]] });
        rig.Model.Inputs.Held = [0, second, 0, 0];

        Measured measured = Assert.Single(rig.PrepareAndMeasure());

        Assert.Equal((Quality)quality, measured.Quality);
        Assert.Equal(value, measured.Value, 1e-9);
    }

    [Fact]
    public void Each_channel_is_measured_under_its_own_name_and_one_overrange_costs_no_other()
    {
        using ChipRig<SimulatedAds1115> rig = Rig(new Ads1115Options { Channels = Ads1115.Channels });
        rig.Model.Inputs.Held = [1.0, 5.0, 3.0, 0.5];

        Measured[] values = rig.PrepareAndMeasure();

        Assert.Equal(["a0", "a1", "a2", "a3", "a0-a1", "a0-a3", "a1-a3", "a2-a3"], rig.Driver.Quantities.Select(quantity => quantity.Name));
        Assert.Equal(
            [Measured.Good(1.0), Measured.None(Quality.OutOfRange), Measured.Good(3.0), Measured.Good(0.5), Measured.Good(-4.0), Measured.Good(0.5),
                Measured.None(Quality.OutOfRange), Measured.Good(2.5)],
            values);
    }

    [Fact]
    public void The_words_that_start_a_conversion_are_the_datasheets()
    {
        using var rig = new ChipRig<RecordingChip>((_, _) => new RecordingChip(), device => new Ads1115(device, new Ads1115Options()));

        rig.Driver.Start();

        // OS 1, MUX 100 (a0 to ground), PGA 001 (4.096 V), MODE 1, DR 100 (128), COMP_MODE, COMP_POL, COMP_LAT 0, COMP_QUE 11.
        Assert.Equal("01C383", Assert.Single(rig.Model.Writes));
    }

    [Fact]
    public void A_conversion_that_does_not_end_gives_no_value_and_is_waited_for()
    {
        using ChipRig<SimulatedAds1115> rig = Rig(new Ads1115Options());
        rig.Model.Inputs.Held = [1.0, 2.0, 3.0, 0.5];
        rig.PrepareAndMeasure();

        rig.Model.Fault = SimulatedFault.NotReady;
        Assert.All(rig.Measure(), value => Assert.Equal(Measured.None(Quality.NotReady), value));
        Assert.Equal(ChipState.NotReady, rig.Driver.Prepare());

        rig.Model.Fault = SimulatedFault.None;
        Assert.Equal([1.0, 2.0, 3.0, 0.5], rig.PrepareAndMeasure().Select(value => value.Value));
    }

    [Fact]
    public void A_chip_that_loses_its_power_while_it_converts_gives_no_value()
    {
        using ChipRig<SimulatedAds1115> rig = Rig(new Ads1115Options());
        rig.PrepareAndMeasure();

        Assert.All(rig.Measure(rig.Model.LosePower), value => Assert.Equal(Measured.None(Quality.NotReady), value));
        Assert.All(rig.PrepareAndMeasure(), value => Assert.Equal(Quality.Good, value.Quality));
    }

    [Fact]
    public void Another_chip_and_no_chip_are_told_apart()
    {
        using ChipRig<SimulatedAds1115> rig = Rig(new Ads1115Options());

        rig.Model.Fault = SimulatedFault.WrongChip;
        Assert.Equal(ChipState.WrongChip, rig.Driver.Prepare());
        rig.Model.Fault = SimulatedFault.NoAnswer;
        Assert.Throws<IOException>(() => rig.Driver.Prepare());
    }

    private static ChipRig<SimulatedAds1115> Rig(Ads1115Options options) =>
        new((room, time) => new SimulatedAds1115(room, time), device => new Ads1115(device, options));
}
