using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Tests.Sensors.Mqtt;

namespace EdgeAgent.Tests.Sensors.Kernel;

public sealed class IioDeviceTests : IDisposable
{
    private const string Bme280 = "/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0076/iio:device0";
    private const string Ads1015 = "/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0048/iio:device1";

    private readonly KernelTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Values_that_the_driver_has_processed_come_in_the_units_that_other_sensors_use()
    {
        AddBme280();
        using KernelDevice device = Device("bme280");

        Dictionary<string, Measured> values = device.Measure();

        values.AssertGood("temp", 21.34);
        values.AssertGood("humidityrelative", 43.21);
        values.AssertGood("pressure", 100_325.2);
        Assert.Equal(["%", "Pa", "Cel"], device.Quantities.Select(quantity => quantity.Unit));
        Assert.True(device.IsPresent);
    }

    [Fact]
    public void Raw_values_are_scaled_by_the_files_of_the_channel_of_its_type_or_of_all()
    {
        _tree.Write(
            Ads1015, ("name", "ads1015"), ("in_voltage0_raw", "1000"), ("in_voltage0_scale", "2.000000000"), ("in_voltage1_raw", "-500"), ("in_voltage_scale", "1"),
            ("in_voltage0-voltage1_raw", "7"), ("in_voltage-voltage_scale", "0.500000000"), ("in_temp_raw", "1000"), ("in_temp_offset", "-512"), ("in_temp_scale", "125"),
            ("in_accel_x_raw", "16384"), ("in_accel_scale", "0.000598550"), ("in_concentration_co2_raw", "420"), ("scale", "0.000100000"));
        _tree.Link("/sys/bus/iio/devices/iio:device1", Ads1015);
        using KernelDevice device = Device("1-0048");

        Dictionary<string, Measured> values = device.Measure();

        values.AssertGood("voltage0", 2);
        values.AssertGood("voltage1", -0.5);
        values.AssertGood("voltage0-voltage1", 0.0035);
        values.AssertGood("temp", 61);
        values.AssertGood("accel_x", 9.80664);
        values.AssertGood("concentration_co2", 420);
    }

    [Fact]
    public void A_channel_is_called_and_chosen_by_its_label_where_it_has_one()
    {
        _tree.Write(Ads1015, ("name", "ads1015"), ("in_voltage0_raw", "10"), ("in_voltage0_label", "Battery +"), ("in_voltage1_raw", "20"), ("in_voltage2_raw", "30"));
        _tree.Link("/sys/bus/iio/devices/iio:device1", Ads1015);
        using KernelDevice device = Device("ads1015", "Battery +", "voltage2");

        Assert.Equal(["battery", "voltage2"], device.Measure().Keys);
    }

    [Theory]
    [InlineData("bme280")]
    [InlineData("outside")]
    [InlineData("1-0076")]
    [InlineData("i2c-1/1-0076")]
    public void A_device_is_found_by_name_label_or_address_whatever_its_number(string wanted)
    {
        AddBme280();
        _tree.Write(Bme280, ("label", "outside"));
        _tree.Link("/sys/bus/iio/devices/iio:device7", Ads1015);
        _tree.Write(Ads1015, ("name", "ads1015"), ("in_voltage0_raw", "1"));
        using KernelDevice device = Device(wanted);

        device.Measure().AssertGood("temp", 21.34);
    }

    [Fact]
    public void Where_several_devices_fit_none_is_read_and_the_log_says_what_to_do_once()
    {
        AddBme280();
        _tree.Write(Ads1015, ("name", "bme280"), ("in_temp_input", "5000"));
        _tree.Link("/sys/bus/iio/devices/iio:device1", Ads1015);
        using var log = new RecordingLog();
        using var device = new KernelDevice(new IioDeviceFinder(_tree.Root, "bme280", []), log);

        device.Measure([]);
        device.Measure([]);

        Assert.False(device.IsPresent);
        Assert.Contains("by its address", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_comes_later_is_met_and_one_that_goes_gives_no_value_until_it_is_back_under_another_number()
    {
        using KernelDevice device = Device("bme280");
        device.Measure([]);
        Assert.False(device.IsPresent);
        Assert.Empty(device.Quantities);

        AddBme280();
        device.Measure().AssertGood("temp", 21.34);

        _tree.Remove(Bme280);
        File.Delete(_tree["/sys/bus/iio/devices/iio:device0"]);
        // On a real machine the open file fails with ENODEV; here it has to be opened anew to be missed.
        device.Dispose();
        Assert.All(device.Measure().Values, value => Assert.Equal(Quality.NoResponse, value.Quality));
        Assert.False(device.IsPresent);

        AddBme280("iio:device3");
        device.Measure().AssertGood("temp", 21.34);
        Assert.Equal(["humidityrelative", "pressure", "temp"], device.Quantities.Select(quantity => quantity.Name));
    }

    [Theory]
    [InlineData("", Quality.NotReady)]
    [InlineData("nan", Quality.Failed)]
    [InlineData("0.1 0.2 0.3 0.4", Quality.Failed)]
    public void What_is_no_number_is_a_quality_and_never_the_last_value(string text, Quality expected)
    {
        AddBme280();
        using KernelDevice device = Device("bme280");
        device.Measure().AssertGood("temp", 21.34);

        File.WriteAllText(_tree[$"{Bme280}/in_temp_input"], text);

        Dictionary<string, Measured> values = device.Measure();
        Assert.Equal(expected, values["temp"].Quality);
        values.AssertGood("humidityrelative", 43.21);
        Assert.True(device.IsPresent);
    }

    private KernelDevice Device(string wanted, params string[] channels) => DeviceMeasuring.Of(new IioDeviceFinder(_tree.Root, wanted, channels));

    private void AddBme280(string number = "iio:device0")
    {
        _tree.Write(Bme280, ("name", "bme280"), ("in_temp_input", "21340"), ("in_humidityrelative_input", "43210"), ("in_pressure_input", "100.325195312"));
        _tree.Link($"/sys/bus/iio/devices/{number}", Bme280);
    }
}
