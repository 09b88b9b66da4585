using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Hwmon;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Kernel.OneWire;
using EdgeAgent.Sensors.Kernel.Thermal;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Kernel;

/// <summary>The folder that is shipped to stand for hardware.</summary>
public sealed class SampleHardwareTests
{
    private static readonly HardwareRoot Root = new(Path.Combine(AppContext.BaseDirectory, "samples/hardware"));

    [Fact]
    public void Every_device_of_the_sample_is_read()
    {
        using KernelDevice iio = DeviceMeasuring.Of(new IioDeviceFinder(Root, "bme280", []));
        using KernelDevice battery = DeviceMeasuring.Of(new HwmonChipFinder(Root, "ina226", []));
        using KernelDevice air = DeviceMeasuring.Of(new HwmonChipFinder(Root, "lm75", []));
        using KernelDevice zones = DeviceMeasuring.Of(new ThermalZoneFinder(Root, null));
        using var thermometer = new OneWireThermometer(Root, "28-0316a2795ee4");

        iio.Measure().AssertGood("temp", 21.34);
        battery.Measure().AssertGood("power1", 18.051);
        air.Measure().AssertGood("temp1", 25.5);
        zones.Measure().AssertGood("cpu-thermal", 48.312);
        thermometer.Measure().AssertGood("temperature", 23.125);
    }

    [Fact]
    public void The_sample_has_something_of_everything_that_is_watched_on_a_host()
    {
        using var health = new HostHealth([
            new CpuProbe(Root), new LoadProbe(Root), new MemoryProbe(Root), new DiskProbe(Root), new NetworkProbe(Root, TimeProvider.System), new UptimeProbe(Root),
            new ProcessProbe(Root, TimeProvider.System), new PowerProbe(Root), new FlashProbe(Root, TimeProvider.System)]);

        Dictionary<string, Measured> values = health.Measure();

        Assert.Equal(
            ["cpu", "load", "memory", "disk", "network", "uptime", "process", "power", "flash"], values.Keys.Select(name => name.Split('/')[0]).Distinct());
        values.AssertGood("power/undervoltage", 0);
    }
}
