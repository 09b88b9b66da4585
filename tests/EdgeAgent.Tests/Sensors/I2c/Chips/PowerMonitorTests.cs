using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

/// <summary>INA219 and INA226: the same promises, different registers.</summary>
public sealed class PowerMonitorTests
{
    /// <summary>The worked example of both datasheets ("programming"): 2 mΩ and a step of 1 mA, which a largest current of 32.768 A brings about.</summary>
    private static readonly ShuntOptions Example = new(0.002, 32.768);

    [Theory]
    [InlineData(219, "055000")]
    [InlineData(226, "050A00")]
    public void The_calibration_of_the_datasheets_example_is_the_datasheets(int chip, string written)
    {
        using var rig = new ChipRig<RecordingChip>(
            (_, _) => new RecordingChip(), device => chip == 219 ? new Ina219(device, Example) : new Ina226(device, Example));

        rig.Driver.Start();

        Assert.Equal(written, rig.Model.Writes[0]);
    }

    [Fact]
    public void The_values_of_the_datasheets_example_are_the_datasheets()
    {
        // 20 mV over the shunt at 11.98 V: 10 A and 119.8 W. Registers of the INA219: 07D0h, 5D98h, 2710h; of the INA226: 1F40h, 2570h, 2710h.
        using ChipRig<SimulatedIna219> ina219 = Ina219Rig(Example);
        using ChipRig<SimulatedIna226> ina226 = Ina226Rig(Example);
        ina219.Model.Supply.Held = ina226.Model.Supply.Held = (11.98, 0.020);

        foreach (Measured[] values in (Measured[][])[ina219.PrepareAndMeasure(), ina226.PrepareAndMeasure()])
        {
            Assert.All(values, value => Assert.Equal(Quality.Good, value.Quality));
            Assert.Equal([11.98, 10.0, 119.8], values.Select(value => Math.Round(value.Value, 6)));
        }
        Assert.Equal(0x07D0, ina219.Device.ReadWord(Ina219.ShuntRegister));
        Assert.Equal(0x5D98 | Ina219.Ready, ina219.Device.ReadWord(Ina219.BusRegister));
        Assert.Equal(0x2710, ina219.Device.ReadWord(Ina219.CurrentRegister));
        Assert.Equal(0x1F40, ina226.Device.ReadWord(Ina226.ShuntRegister));
        Assert.Equal(0x2570, ina226.Device.ReadWord(Ina226.BusRegister));
        Assert.Equal(0x2710, ina226.Device.ReadWord(Ina226.CurrentRegister));
    }

    [Fact]
    public void A_current_that_flows_back_is_negative_and_so_is_its_power()
    {
        using ChipRig<SimulatedIna219> ina219 = Ina219Rig(Example);
        using ChipRig<SimulatedIna226> ina226 = Ina226Rig(Example);
        ina219.Model.Supply.Held = ina226.Model.Supply.Held = (12, -0.020);

        Assert.Equal([12, -10, -120], ina219.PrepareAndMeasure().Select(value => Math.Round(value.Value, 6)));
        Assert.Equal([12, -10, -120], ina226.PrepareAndMeasure().Select(value => Math.Round(value.Value, 6)));
    }

    [Theory]
    // More than the largest current: the chip's own overflow flag. More than the shunt's range: the register stands at its end.
    [InlineData(15, 0.040)]
    [InlineData(15, -0.040)]
    [InlineData(1_000, 0.5)]
    [InlineData(1_000, -0.5)]
    public void A_current_beyond_the_range_costs_current_and_power_and_not_the_voltage(double largest, double shunt)
    {
        using ChipRig<SimulatedIna219> ina219 = Ina219Rig(new ShuntOptions(0.002, Math.Min(largest, Ina219.ShuntFullScale / 0.002)));
        using ChipRig<SimulatedIna226> ina226 = Ina226Rig(new ShuntOptions(0.002, Math.Min(largest, Ina226.ShuntFullScale / 0.002)));
        ina219.Model.Supply.Held = ina226.Model.Supply.Held = (12, shunt);

        foreach (Measured[] values in (Measured[][])[ina219.PrepareAndMeasure(), ina226.PrepareAndMeasure()])
        {
            Assert.Equal([Measured.Good(12), Measured.None(Quality.OutOfRange), Measured.None(Quality.OutOfRange)], values);
        }
    }

    [Fact]
    public void A_voltage_beyond_the_range_costs_voltage_and_power_and_not_the_current()
    {
        using ChipRig<SimulatedIna219> ina219 = Ina219Rig(Example);
        using ChipRig<SimulatedIna226> ina226 = Ina226Rig(Example);
        ina219.Model.Supply.Held = (27, 0.020);
        ina226.Model.Supply.Held = (37, 0.020);

        foreach (Measured[] values in (Measured[][])[ina219.PrepareAndMeasure(), ina226.PrepareAndMeasure()])
        {
            Assert.Equal([Quality.OutOfRange, Quality.Good, Quality.OutOfRange], values.Select(value => value.Quality));
        }
    }

    [Fact]
    public void A_conversion_that_is_not_ready_gives_no_value()
    {
        using ChipRig<SimulatedIna219> ina219 = Ina219Rig(Example);
        using ChipRig<SimulatedIna226> ina226 = Ina226Rig(Example);
        ina219.PrepareAndMeasure();
        ina226.PrepareAndMeasure();
        ina219.Model.Fault = ina226.Model.Fault = SimulatedFault.NotReady;

        Assert.All(ina219.Measure(), value => Assert.Equal(Measured.None(Quality.NotReady), value));
        Assert.All(ina226.Measure(), value => Assert.Equal(Measured.None(Quality.NotReady), value));
    }

    [Fact]
    public void A_chip_that_lost_its_power_and_its_calibration_does_not_measure_a_current_of_zero()
    {
        using ChipRig<SimulatedIna219> ina219 = Ina219Rig(Example);
        using ChipRig<SimulatedIna226> ina226 = Ina226Rig(Example);
        ina219.Model.Supply.Held = ina226.Model.Supply.Held = (12, 0.020);
        ina219.PrepareAndMeasure();
        ina226.PrepareAndMeasure();

        // Long enough ago for the chip to have converted by itself.
        Measured[] lost219 = ina219.Measure(() => { ina219.Model.LosePower(); ina219.Time.Advance(TimeSpan.FromSeconds(1)); });
        Measured[] lost226 = ina226.Measure(() => { ina226.Model.LosePower(); ina226.Time.Advance(TimeSpan.FromSeconds(1)); });

        Assert.All(lost219.Concat(lost226), value => Assert.Equal(Measured.None(Quality.NotReady), value));
        Assert.Equal(10, ina219.Measure()[1].Value, 1e-6);
        Assert.Equal(10, ina226.Measure()[1].Value, 1e-6);
    }

    [Fact]
    public void Another_chip_and_no_chip_are_told_apart()
    {
        using ChipRig<SimulatedIna219> ina219 = Ina219Rig(Example);
        using ChipRig<SimulatedIna226> ina226 = Ina226Rig(Example);
        using var mistaken = new ChipRig<SimulatedIna226>((room, time) => new SimulatedIna226(room, time), device => new Ina219(device, Example));

        ina219.Model.Fault = ina226.Model.Fault = SimulatedFault.WrongChip;
        Assert.Equal(ChipState.WrongChip, ina219.Driver.Prepare());
        Assert.Equal(ChipState.WrongChip, ina226.Driver.Prepare());
        Assert.Equal(ChipState.WrongChip, mistaken.Driver.Prepare());
        ina219.Model.Fault = ina226.Model.Fault = SimulatedFault.NoAnswer;
        Assert.Throws<IOException>(() => ina219.Driver.Prepare());
        Assert.Throws<IOException>(() => ina226.Driver.Prepare());
    }

    [Fact]
    public void A_calibration_that_was_cut_off_costs_resolution_and_no_exactness()
    {
        // 0.04096 ÷ (15 A ÷ 32768 × 2 mΩ) is 44739.24: cut off by a fraction, and by a bit that cannot be written.
        using ChipRig<SimulatedIna219> rig = Ina219Rig(new ShuntOptions(0.002, 15));
        rig.Model.Supply.Held = (12, 0.020);

        Assert.Equal(10, rig.PrepareAndMeasure()[1].Value, 0.000_5);
    }

    private static ChipRig<SimulatedIna219> Ina219Rig(ShuntOptions shunt) =>
        new((room, time) => new SimulatedIna219(room, time), device => new Ina219(device, shunt));

    private static ChipRig<SimulatedIna226> Ina226Rig(ShuntOptions shunt) =>
        new((room, time) => new SimulatedIna226(room, time), device => new Ina226(device, shunt));
}
