using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Hwmon;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Kernel;

public sealed class HwmonChipTests : IDisposable
{
    private const string Chip = "/sys/devices/platform/soc/i2c-1/1-0040/hwmon/hwmon2";

    private readonly KernelTree _tree = new();

    public HwmonChipTests() => _tree.Link("/sys/class/hwmon/hwmon2", Chip);

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Each_type_of_channel_comes_in_its_unit()
    {
        _tree.Write(
            Chip, ("name", "ina226"), ("in1_input", "12034"), ("curr1_input", "-1500"), ("power1_input", "18051000"), ("energy1_input", "5000000"),
            ("temp1_input", "41250"), ("humidity1_input", "55500"), ("fan1_input", "1180"), ("freq1_input", "500000000"), ("power2_average", "2000000"),
            ("in1_min", "0"), ("pwm1", "128"));
        using KernelDevice device = Device("ina226");

        Dictionary<string, Measured> values = device.Measure();

        values.AssertGood("in1", 12.034);
        values.AssertGood("curr1", -1.5);
        values.AssertGood("power1", 18.051);
        values.AssertGood("power2", 2);
        values.AssertGood("energy1", 5);
        values.AssertGood("temp1", 41.25);
        values.AssertGood("humidity1", 55.5);
        values.AssertGood("fan1", 1180);
        values.AssertGood("freq1", 500e6);
        Assert.Equal(9, values.Count);
    }

    [Fact]
    public void Channels_are_called_by_their_labels_and_stand_in_the_order_of_their_numbers()
    {
        _tree.Write(
            Chip, ("name", "coretemp"), ("temp10_input", "50000"), ("temp10_label", "Core 8"), ("temp2_input", "48000"), ("temp2_label", "Core 0"),
            ("temp3_input", "47000"), ("temp3_label", "Core 0"));
        using KernelDevice device = Device("1-0040");

        Assert.Equal(["core_0", "temp3", "core_8"], device.Measure().Keys);
    }

    [Fact]
    public void A_fault_is_out_of_range_without_a_value_and_an_alarm_makes_the_value_uncertain()
    {
        _tree.Write(
            Chip, ("name", "adt7470"), ("temp1_input", "127000"), ("temp1_fault", "1"), ("temp2_input", "91000"), ("temp2_max_alarm", "1"), ("temp2_fault", "0"),
            ("temp3_input", "30000"), ("temp3_crit_alarm", "0"));
        using KernelDevice device = Device("adt7470");

        Dictionary<string, Measured> values = device.Measure();

        Assert.Equal(Quality.OutOfRange, values["temp1"].Quality);
        Assert.Equal(new Measured(91, Quality.Uncertain), values["temp2"]);
        values.AssertGood("temp3", 30);
        Assert.True(device.IsPresent);
    }

    [Fact]
    public void A_value_follows_its_file_without_opening_it_again()
    {
        _tree.Write(Chip, ("name", "lm75"), ("temp1_input", "25500"));
        using KernelDevice device = Device("lm75");
        device.Measure().AssertGood("temp1", 25.5);

        _tree.Write(Chip, ("temp1_input", "-9000"));

        device.Measure().AssertGood("temp1", -9);
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_a_failure_and_its_neighbours_are_read()
    {
        _tree.Write(Chip, ("name", "lm75"), ("temp2_input", "25500"));
        // Opened for reading this folder is EISDIR or EACCES, whoever asks, root as well.
        Directory.CreateDirectory(_tree[$"{Chip}/temp1_input"]);
        using KernelDevice device = Device("lm75");

        Dictionary<string, Measured> values = device.Measure();

        Assert.Equal(Quality.Failed, values["temp1"].Quality);
        values.AssertGood("temp2", 25.5);
    }

    private KernelDevice Device(string wanted, params string[] channels) => DeviceMeasuring.Of(new HwmonChipFinder(_tree.Root, wanted, channels));
}
