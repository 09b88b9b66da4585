using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Hwmon;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Kernel.OneWire;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Kernel;

public sealed class KernelAllocationTests : IDisposable
{
    private readonly KernelTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_reading_allocates_nothing()
    {
        _tree.Write("/sys/bus/iio/devices/iio:device0", ("name", "adc"), ("in_voltage0_raw", "1234"), ("in_voltage0_scale", "0.125"), ("in_temp_input", "21340"));
        _tree.Write("/sys/class/hwmon/hwmon0", ("name", "lm75"), ("temp1_input", "25500"), ("temp1_max_alarm", "0"));
        _tree.Write("/sys/bus/w1/devices/28-0/w1_slave", "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125");
        using var iio = DeviceMeasuring.Of(new IioDeviceFinder(_tree.Root, "adc", []));
        using var hwmon = DeviceMeasuring.Of(new HwmonChipFinder(_tree.Root, "lm75", []));
        using var thermometer = new OneWireThermometer(_tree.Root, "28-0");
        EdgeAgent.Sensors.HardwareRoot root = EdgeAgent.Sensors.HardwareRoot.Kernel;
        using var host = new HostHealth([
            new CpuProbe(root), new LoadProbe(root), new MemoryProbe(root), new NetworkProbe(root, TimeProvider.System), new UptimeProbe(root),
            new ProcessProbe(root, TimeProvider.System), new FlashProbe(root, TimeProvider.System)]);
        IBlockingDevice[] devices = [iio, hwmon, thermometer, host];

        Assert.All(devices, device => Assert.Equal(0, Allocated(device)));
    }

    private static long Allocated(IBlockingDevice device)
    {
        Assert.Contains(device.Measure().Values, value => value.Quality == Quality.Good);
        var values = new Measured[device.Quantities.Count];
        for (int warm = 0; warm < 50; warm++)
        {
            device.Measure(values);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            device.Measure(values);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
