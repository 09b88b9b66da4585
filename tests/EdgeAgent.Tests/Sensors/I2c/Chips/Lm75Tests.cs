using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class Lm75Tests
{
    public static TheoryData<string> Names => ["lm75", "lm75b", "tmp75", "tmp102", "tmp112"];

    [Theory]
    // LM75, "temperature data format": 9 bits.
    [InlineData("lm75", 0x0FA, 125)]
    [InlineData("lm75", 0x032, 25)]
    [InlineData("lm75", 0x001, 0.5)]
    [InlineData("lm75", 0x1FF, -0.5)]
    [InlineData("lm75", 0x1CE, -25)]
    [InlineData("lm75", 0x192, -55)]
    // LM75B, "Temp register value": 11 bits.
    [InlineData("lm75b", 0x3F8, 127)]
    [InlineData("lm75b", 0x3F1, 126.125)]
    [InlineData("lm75b", 0x0C8, 25)]
    [InlineData("lm75b", 0x7FF, -0.125)]
    [InlineData("lm75b", 0x738, -25)]
    [InlineData("lm75b", 0x649, -54.875)]
    // TMP75, "temperature data format": 12 bits.
    [InlineData("tmp75", 0x7FF, 127.9375)]
    [InlineData("tmp75", 0x190, 25)]
    [InlineData("tmp75", 0xFFC, -0.25)]
    [InlineData("tmp75", 0xE70, -25)]
    [InlineData("tmp75", 0xC90, -55)]
    // TMP102, "13-bit temperature data format".
    [InlineData("tmp102", 0x0960, 150)]
    [InlineData("tmp102", 0x0800, 128)]
    [InlineData("tmp102", 0x0190, 25)]
    [InlineData("tmp102", 0x1FFC, -0.25)]
    [InlineData("tmp102", 0x1E70, -25)]
    [InlineData("tmp102", 0x1C90, -55)]
    public void The_tables_of_the_datasheets_are_read_as_they_say(string name, int code, double celsius)
    {
        Lm75Model model = Model(name);

        Assert.Equal(celsius, model.Celsius((ushort)(code << (16 - model.Bits))));
        // What stands in the bits below is none of the temperature's.
        Assert.Equal(celsius, model.Celsius((ushort)((code << (16 - model.Bits)) | 1)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_temperature_is_measured_on_either_side_of_zero_and_only_within_the_range(string name)
    {
        using ChipRig<SimulatedLm75> rig = Rig(name);
        rig.PrepareAndMeasure();

        foreach (double celsius in (double[])[25.5, 0, -0.5, -25, -55, 125])
        {
            rig.Model.Celsius = celsius;
            Assert.Equal(Measured.Good(celsius), Assert.Single(rig.Measure()));
        }
        rig.Model.Celsius = -60;
        Assert.Equal(Measured.None(Quality.OutOfRange), Assert.Single(rig.Measure()));
    }

    [Fact]
    public void The_extended_mode_reaches_beyond_128_degrees()
    {
        using ChipRig<SimulatedLm75> rig = Rig("tmp102");
        rig.Model.Celsius = 149.9375;

        Assert.Equal(Measured.Good(149.9375), Assert.Single(rig.PrepareAndMeasure()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_zero_degrees_of_a_chip_that_lost_its_power_are_no_value(string name)
    {
        using ChipRig<SimulatedLm75> rig = Rig(name);
        rig.Model.Celsius = 21.5;
        rig.PrepareAndMeasure();

        Assert.Equal(Measured.None(Quality.NotReady), Assert.Single(rig.Measure(rig.Model.LosePower)));
        rig.Model.LosePower();
        Assert.Equal(Measured.Good(21.5), Assert.Single(rig.Measure()));
    }

    [Fact]
    public void A_single_shot_that_does_not_end_gives_no_value()
    {
        using ChipRig<SimulatedLm75> rig = Rig("tmp102");
        rig.PrepareAndMeasure();
        rig.Model.Fault = SimulatedFault.NotReady;

        Assert.Equal(Measured.None(Quality.NotReady), Assert.Single(rig.Measure()));
    }

    [Theory]
    [InlineData("lm75", "0108")]
    [InlineData("tmp75", "01E1")]
    [InlineData("tmp102", "01E1B0")]
    public void The_configuration_is_the_datasheets(string name, string written)
    {
        using var rig = new ChipRig<RecordingChip>((_, _) => new RecordingChip(), device => new Lm75(device, Model(name)));

        rig.Driver.Start();

        Assert.Equal(written, Assert.Single(rig.Model.Writes));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_chip_and_no_chip_are_told_apart(string name)
    {
        using ChipRig<SimulatedLm75> rig = Rig(name);

        rig.Model.Fault = SimulatedFault.WrongChip;
        Assert.Equal(ChipState.WrongChip, rig.Driver.Prepare());
        rig.Model.Fault = SimulatedFault.NoAnswer;
        Assert.Throws<IOException>(() => rig.Driver.Prepare());
    }

    private static Lm75Model Model(string name) => name switch
    {
        "lm75" => Lm75Model.Lm75,
        "lm75b" => Lm75Model.Lm75B,
        "tmp75" => Lm75Model.Tmp75,
        "tmp102" => Lm75Model.Tmp102,
        _ => Lm75Model.Tmp112,
    };

    private static ChipRig<SimulatedLm75> Rig(string name) =>
        new((room, time) => new SimulatedLm75(Model(name), room, time), device => new Lm75(device, Model(name)));
}
