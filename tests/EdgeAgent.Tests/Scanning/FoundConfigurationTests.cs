using System.Text;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.Scanning;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using EdgeAgent.Tests.Sensors.Kernel;

namespace EdgeAgent.Tests.Scanning;

public sealed class FoundConfigurationTests
{
    [Fact]
    public async Task Every_kind_of_chip_that_is_recognised_becomes_an_entry_of_its_bus_that_reads_it()
    {
        using var tree = new KernelTree();
        using var folder = new TemporaryFolder();
        tree.Write("/sys/bus/i2c/devices/i2c-1/name", "bcm2835");
        tree.Write("/sys/bus/i2c/devices/i2c-7/name", "bcm2835");
        // Those of one address are on the other bus.
        Dictionary<int, RecordingBus> buses = new()
        {
            [1] = RecordingBus.Of(
                TimeProvider.System, (ChipTypes.Mcp9808, 0x19), (ChipTypes.Vl53l0x, 0x29), (ChipTypes.Ina226, 0x41), (ChipTypes.Sht3x, 0x44),
                (ChipTypes.Sht4x, 0x45), (ChipTypes.Scd4x, 0x62), (ChipTypes.Ds3231, 0x68), (ChipTypes.Mpu6050, 0x69), (ChipTypes.Bme280, 0x76),
                (ChipTypes.Bmp280, 0x77), (ChipTypes.Lm75, 0x48)),
            [7] = RecordingBus.Of(TimeProvider.System, (ChipTypes.Bme680, 0x76)),
        };
        ScanReport report = await new I2cScan(tree.Root, [], number => buses[number], [], TimeProvider.System).RunAsync(CancellationToken.None);

        string document = FoundConfiguration.Of(Encoding.UTF8.GetBytes($"{{ {Read.Cloud(folder)} }}"), folder.Path, report.Findings, out IReadOnlyList<string> kept);

        Assert.Empty(kept);
        AgentConfiguration configuration = Read.Sound(folder, document);
        Assert.Equal([1, 7], configuration.I2cBuses.Select(bus => bus.Bus));
        Assert.Equal(
            ["mcp9808@25", "vl53l0x@41", "sht3x@68", "sht4x@69", "scd4x@98", "ds3231@104", "mpu6050@105", "bme280@118", "bmp280@119"],
            configuration.I2cBuses[0].Sensors.Select(Name));
        Assert.Equal(["bme680@118"], configuration.I2cBuses[1].Sensors.Select(Name));
        // Of a power monitor nobody but a person knows the shunt.
        Assert.Contains(report.Findings, finding => finding.Name == "ina226" && finding.Entry is null && finding.Remark.EndsWith("shunt.", StringComparison.Ordinal));
        // All that can be recognised, and needs no more than its address, is in this test.
        Assert.Equal(
            ChipTypes.All.Count(type => type.Identity is not null && type.TryReadDefaults(out _, out IReadOnlyList<string> _)), configuration.I2cBuses.Sum(bus => bus.Sensors.Count));
    }

    [Fact]
    public void Sections_that_are_there_stay_as_they_are_and_files_are_found_from_elsewhere()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        var found = new Finding(ScanKind.Thermal, "", "", Certainty.Recognised, "") { Entry = new ConfigEntry("thermal", """{"series":"found"}""") };
        byte[] existing = Encoding.UTF8.GetBytes($$"""{ {{Read.Cloud(folder)}}, "thermal": [ { "zone": "cpu", "series": "mine" } ] }""");

        string document = FoundConfiguration.Of(existing, folder.Path, [found], out IReadOnlyList<string> kept);

        Assert.Equal(["thermal"], kept);
        Assert.Equal("mine", JsonDocument.Parse(document).RootElement.GetProperty("thermal")[0].GetProperty("series").GetString());
        Assert.Equal(folder["device.key"], Read.Sound(elsewhere, document).Cloud.KeyFile);
    }

    private static string Name(I2cSensorOptions sensor) => $"{sensor.Chip.Name}@{sensor.Address}";
}
