using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Sensors.Kernel;

public sealed class KernelConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_wrong_is_told_with_what_to_do()
    {
        string[] errors = Read.Errors(_folder, $$"""
            { {{Read.Cloud(_folder)}},
              "iio": [{ "device": "iio:device0", "series": "a" }, { "device": "adc", "series": "b", "interval": "1s", "buffer": { "trigger": "t" } }],
              "hwmon": [{ "chip": "hwmon2", "series": "c" }, { "chip": "hwmonitor", "series": "d" }],
              "onewire": [{ "sensor": "28-0316A2795EE4", "series": "e" }],
              "host": { "series": "f", "what": ["cpus"] } }
            """);

        Assert.Collection(
            errors,
            error => Assert.Contains("/iio/0/device: \"iio:device0\" may be another device after the next start. Write what its file", error, StringComparison.Ordinal),
            error => Assert.Contains("/iio/1/interval: What is captured has a rate instead. Remove this key, or \"buffer\".", error, StringComparison.Ordinal),
            error => Assert.Contains("/iio/1/buffer/rate: This key is missing. Add it.", error, StringComparison.Ordinal),
            error => Assert.Contains("/hwmon/0/chip: \"hwmon2\" may be another device", error, StringComparison.Ordinal),
            error => Assert.Contains("/onewire/0/sensor: \"28-0316A2795EE4\" is not the id of a thermometer.", error, StringComparison.Ordinal),
            error => Assert.Contains("/host/what/0: \"cpus\" is not known here. Did you mean \"cpu\"? Choose from cpu, load, memory, disks,", error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_device_is_a_group_and_thermometers_share_eight()
    {
        string thermometers = string.Join(", ", Enumerable.Range(0, 20).Select(i => $$"""{ "sensor": "28-0000000000{{i:x2}}", "series": "t{{i}}" }"""));
        AgentConfiguration configuration = Read.Sound(_folder, $$"""
            { {{Read.Cloud(_folder)}},
              "iio": [{ "device": "bme280", "series": "a" }, { "device": "bme280", "series": "b", "channels": ["temp"] },
                { "device": "adc", "series": "c", "buffer": { "rate": 1000, "trigger": "hr", "buffered": "3s" } }],
              "hwmon": [{ "chip": "lm75", "series": "d" }], "thermal": [{ "series": "e" }, { "zone": "cpu-thermal", "series": "f" }],
              "onewire": [{{thermometers}}], "host": { "series": "g", "what": ["uptime", "cpu"] } }
            """);
        using var source = new KernelSensorSource(configuration, TimeProvider.System, NullLogger<KernelDevice>.Instance);

        SensorPlan[] plans = [.. source.Sensors];

        Assert.Equal(["iio-bme280", "iio-bme280", "hwmon-lm75"], plans.Take(3).Select(plan => plan.Group));
        Assert.Equal(8, plans.Where(plan => plan.Group.StartsWith("onewire-", StringComparison.Ordinal)).DistinctBy(plan => plan.Group).Count());
        Assert.Equal(["thermal", "thermal"], plans.TakeLast(2).Select(plan => plan.Group));
        Assert.Equal(3_000, Assert.Single(configuration.Kernel.Captures).Length);
        Assert.Equal([HostSubject.Cpu, HostSubject.Uptime], configuration.Host!.Subjects);
    }

    [Fact]
    public void Without_its_sections_nothing_of_it_runs()
    {
        AgentConfiguration configuration = Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}} }""");

        KernelOptions kernel = configuration.Kernel;
        Assert.Equal(0, kernel.Iio.Count + kernel.Hwmon.Count + kernel.OneWire.Count + kernel.Thermal.Count);
        Assert.Null(configuration.Host);
    }
}
