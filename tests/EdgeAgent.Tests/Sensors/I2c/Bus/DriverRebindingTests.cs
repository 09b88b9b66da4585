using EdgeAgent.Sensors;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>A tree of sysfs as a Raspberry Pi 4 shows it.</summary>
public sealed class DriverRebindingTests : IDisposable
{
    private const string Device = "sys/devices/platform/soc/fe804000.i2c", Driver = "sys/bus/platform/drivers/i2c-bcm2835";

    private readonly TemporaryFolder _root = new();

    public DriverRebindingTests()
    {
        Directory.CreateDirectory(_root[$"{Device}/i2c-1"]);
        Directory.CreateDirectory(_root[Driver]);
        Directory.CreateDirectory(_root["sys/bus/i2c/devices"]);
        File.WriteAllText(_root[$"{Driver}/unbind"], "");
        File.WriteAllText(_root[$"{Driver}/bind"], "");
        Directory.CreateSymbolicLink(_root["sys/bus/i2c/devices/i2c-1"], "../../../devices/platform/soc/fe804000.i2c/i2c-1");
        Directory.CreateSymbolicLink(_root[$"{Device}/driver"], "../../../../bus/platform/drivers/i2c-bcm2835");
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public void The_adapters_device_is_taken_from_its_driver_and_given_back()
    {
        Assert.Equal(RecoveryOutcome.Done, Rebinding().Rebind());

        Assert.Equal("fe804000.i2c", File.ReadAllText(_root[$"{Driver}/unbind"]));
        Assert.Equal("fe804000.i2c", File.ReadAllText(_root[$"{Driver}/bind"]));
    }

    [Fact]
    public void Where_binding_failed_it_is_tried_alone_the_next_time()
    {
        DriverRebinding rebinding = Rebinding();
        File.Delete(_root[$"{Driver}/bind"]);
        Assert.Equal(RecoveryOutcome.NotPossible, rebinding.Rebind());
        // As the kernel leaves it: unbound, the adapter is gone.
        Directory.Delete(_root["sys/bus/i2c/devices/i2c-1"]);
        Directory.Delete(_root[$"{Device}/driver"]);
        File.WriteAllText(_root[$"{Driver}/unbind"], "");
        File.WriteAllText(_root[$"{Driver}/bind"], "");

        Assert.Equal(RecoveryOutcome.Done, rebinding.Rebind());

        Assert.Equal("fe804000.i2c", File.ReadAllText(_root[$"{Driver}/bind"]));
        Assert.Equal("", File.ReadAllText(_root[$"{Driver}/unbind"]));
    }

    [Fact]
    public void A_bus_without_a_driver_cannot_be_bound_anew() =>
        Assert.Equal(RecoveryOutcome.NotPossible, new DriverRebinding(new HardwareRoot(_root.Path), 7).Rebind());

    private DriverRebinding Rebinding() => new(new HardwareRoot(_root.Path), 1);
}
