using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Thermal;

namespace EdgeAgent.Tests.Sensors.Kernel;

public sealed class ThermalZoneTests : IDisposable
{
    private readonly KernelTree _tree = new();

    public ThermalZoneTests()
    {
        _tree.Write("/sys/class/thermal/thermal_zone0", ("type", "acpitz"), ("temp", "27800"));
        _tree.Write("/sys/class/thermal/thermal_zone1", ("type", "acpitz"), ("temp", "29800"));
        _tree.Write("/sys/class/thermal/thermal_zone10", ("type", "x86_pkg_temp"), ("temp", "45000"));
        _tree.Write("/sys/class/thermal/cooling_device0", ("type", "Processor"));
    }

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_zone_is_found_by_its_type()
    {
        using KernelDevice device = DeviceMeasuring.Of(new ThermalZoneFinder(_tree.Root, "x86_pkg_temp"));

        device.Measure().AssertGood("temperature", 45);
    }

    [Fact]
    public void All_zones_are_called_by_their_types_and_a_second_of_a_type_by_its_number_too()
    {
        using KernelDevice device = DeviceMeasuring.Of(new ThermalZoneFinder(_tree.Root, null));

        var values = device.Measure();

        values.AssertGood("acpitz", 27.8);
        values.AssertGood("acpitz_1", 29.8);
        values.AssertGood("x86_pkg_temp", 45);
        Assert.Equal(3, values.Count);
    }

    [Fact]
    public void A_zone_that_is_not_there_and_one_of_which_there_are_two_are_not_read()
    {
        foreach (string wanted in new[] { "cpu-thermal", "acpitz" })
        {
            using KernelDevice device = DeviceMeasuring.Of(new ThermalZoneFinder(_tree.Root, wanted));

            device.Measure([]);

            Assert.False(device.IsPresent);
        }
    }
}
