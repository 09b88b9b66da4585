using EdgeAgent.Scanning;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Sensors.Kernel;

namespace EdgeAgent.Tests.Scanning;

/// <summary>GPIO lines and what the kernel's drivers show.</summary>
public sealed class DeviceScanTests : IDisposable
{
    private readonly KernelTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Each_line_is_described_with_its_name_direction_and_consumer_and_none_is_requested()
    {
        var gpio = new SimulatedGpio(new ManualTimeProvider());
        SimulatedGpioChip chip = gpio.AddChip("pinctrl-bcm2711");
        SimulatedLine[] lines = [chip.AddLine("GPIO17"), chip.AddLine(""), chip.AddLine("GPIO17"), chip.AddLine("LED"), chip.AddLine("RELAY")];
        lines[3].Consumer = "led0";
        chip.Request(new LineSettings([4], LineFlags.Output), out ILineRequest? relay);
        using ILineRequest? _ = relay;

        ScanReport report = await new GpioScan(gpio, "here").RunAsync(CancellationToken.None);

        Assert.Equal(
            [
                ("GPIO17", Certainty.Present, """input, free: {"line":"GPIO17","series":"…"}"""),
                ("", Certainty.Present, """input, free: {"chip":"pinctrl-bcm2711","line":1,"series":"…"}"""),
                ("GPIO17", Certainty.Present, """input, free: {"chip":"pinctrl-bcm2711","line":2,"series":"…"}"""),
                ("LED", Certainty.Taken, "input, taken by led0"),
                ("RELAY", Certainty.Taken, "output, taken by edge-agent"),
            ],
            report.Findings.Select(finding => (finding.Name, finding.Certainty, finding.Remark)));
        Assert.All(report.Findings, finding => Assert.Null(finding.Entry));
        Assert.Equal("gpiochip0 (pinctrl-bcm2711), line 3", report.Findings[3].Place);
        Assert.All(lines[..4], line => Assert.Null(line.Request));
    }

    [Fact]
    public async Task Two_devices_of_one_name_are_told_apart_by_their_addresses_and_a_device_without_channels_is_only_named()
    {
        AddHwmon(0, "/sys/devices/platform/soc/i2c-1/1-0048", "lm75");
        AddHwmon(1, "/sys/devices/platform/soc/i2c-1/1-0049", "lm75");
        AddHwmon(2, "/sys/devices/virtual/thermal/thermal_zone0", "cpu_thermal");
        _tree.Write("/sys/class/hwmon/hwmon3/name", "rpi_volt");

        ScanReport report = await ChannelScan.OfHwmon(_tree.Root).RunAsync(CancellationToken.None);

        Assert.Equal(
            [
                ("lm75", Certainty.Recognised, """{"chip":"1-0048","series":"hwmon/lm75"}"""),
                ("lm75", Certainty.Recognised, """{"chip":"1-0049","series":"hwmon/lm75-1-0049"}"""),
                ("cpu_thermal", Certainty.Present, null),
                ("rpi_volt", Certainty.Present, null),
            ],
            report.Findings.Select(finding => (finding.Name, finding.Certainty, finding.Entry?.Json)));
    }

    [Fact]
    public async Task One_wire_thermometers_are_recognised_where_their_driver_serves_them()
    {
        _tree.Write("/sys/bus/w1/devices/28-0316a2795ee4/w1_slave", "");
        _tree.Write("/sys/bus/w1/devices/28-0316a2795ee5/name", "");
        _tree.Write("/sys/bus/w1/devices/26-000000aabbcc/name", "");
        _tree.Write("/sys/bus/w1/devices/w1_bus_master1/name", "");

        ScanReport report = await new OneWireScan(_tree.Root).RunAsync(CancellationToken.None);

        Assert.Equal(
            [("26-000000aabbcc", Certainty.Present), ("28-0316a2795ee4", Certainty.Recognised), ("28-0316a2795ee5", Certainty.Present)],
            report.Findings.Select(finding => (finding.Place, finding.Certainty)));
        Assert.Contains("modprobe w1_therm", report.Findings[2].Remark, StringComparison.Ordinal);
    }

    private void AddHwmon(int number, string device, string name)
    {
        _tree.Write($"{device}/hwmon/hwmon{number}", ("name", name), ("temp1_input", "25500"));
        _tree.Link($"/sys/class/hwmon/hwmon{number}", $"{device}/hwmon/hwmon{number}");
    }
}
