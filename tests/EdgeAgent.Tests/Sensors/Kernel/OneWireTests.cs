using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel.OneWire;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Kernel;

public sealed class OneWireTests : IDisposable
{
    private const string Id = "28-0316a2795ee4";
    private const string Warm = "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125";
    private const string PowerUp = "50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000";

    private readonly KernelTree _tree = new();
    private readonly OneWireThermometer _thermometer;

    public OneWireTests() => _thermometer = new OneWireThermometer(_tree.Root, Id);

    public void Dispose()
    {
        _thermometer.Dispose();
        _tree.Dispose();
    }

    [Fact]
    public void A_scratchpad_with_the_right_checksum_is_a_temperature()
    {
        Assert.Equal(Measured.Good(23.125), Measure(Warm));
        Assert.Equal(Measured.Good(-10.125), Measure("5e ff 4b 46 7f ff 02 10 de : crc=de YES\n5e ff 4b 46 7f ff 02 10 de t=-10125"));
        Assert.True(_thermometer.IsPresent);
    }

    [Fact]
    public void A_wrong_checksum_gives_no_value_although_the_file_repeats_the_last_good_bytes()
    {
        Measure(Warm);

        Assert.Equal(Measured.None(Quality.Checksum), Measure("72 01 4b 46 7f ff 0e 10 58 : crc=57 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125"));
    }

    [Theory]
    [InlineData("00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0")]
    [InlineData("ff ff ff ff ff ff ff ff ff : crc=c9 NO\n72 01 4b 46 7f ff 0e 10 57 t=-62")]
    public void A_line_that_is_shorted_or_open_is_no_response(string text)
    {
        Assert.Equal(Measured.None(Quality.NoResponse), Measure(text));
        Assert.False(_thermometer.IsPresent);
    }

    [Fact]
    public void The_value_of_power_up_is_no_reading()
    {
        Assert.Equal(Measured.None(Quality.NotReady), Measure(PowerUp));
        Measure(Warm);
        Assert.Equal(Measured.None(Quality.NotReady), Measure(PowerUp));
    }

    [Fact]
    public void Eighty_five_degrees_are_a_reading_where_it_was_about_as_warm_before()
    {
        Assert.Equal(Measured.Good(84.5), Measure("48 05 4b 46 7f ff 08 10 a8 : crc=a8 YES\n48 05 4b 46 7f ff 08 10 a8 t=84500"));

        Assert.Equal(Measured.Good(85), Measure(PowerUp));
        Assert.Equal(Measured.Good(85), Measure(PowerUp));
    }

    [Fact]
    public void A_sensor_that_is_not_there_and_one_that_does_not_answer_are_no_response()
    {
        Assert.Equal(Measured.None(Quality.NoResponse), _thermometer.Measure()["temperature"]);

        _tree.Write($"/sys/bus/w1/devices/{Id}/w1_slave", "");
        File.WriteAllText(_tree[$"/sys/bus/w1/devices/{Id}/w1_slave"], "");
        Assert.Equal(Measured.None(Quality.NoResponse), _thermometer.Measure()["temperature"]);
        Assert.False(_thermometer.IsPresent);
    }

    [Theory]
    [InlineData("72 01")]
    [InlineData("t=85000 crc=1c YES")]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=warm")]
    public void Other_text_is_a_failure(string text) => Assert.Equal(Measured.None(Quality.Failed), Measure(text));

    private Measured Measure(string text)
    {
        _tree.Write($"/sys/bus/w1/devices/{Id}/w1_slave", text);
        return _thermometer.Measure()["temperature"];
    }
}
