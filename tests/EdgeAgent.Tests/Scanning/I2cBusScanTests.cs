using System.Device.I2c;
using EdgeAgent.Scanning;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Sensors.I2c.Bus;
using EdgeAgent.Tests.Sensors.Kernel;

namespace EdgeAgent.Tests.Scanning;

/// <summary>Buses as the kernel shows them: with drivers on them, absent, stuck.</summary>
public sealed class I2cBusScanTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly KernelTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task An_address_that_a_driver_of_the_kernel_has_is_named_with_it_and_not_touched()
    {
        AddBus(1, "/sys/devices/platform/soc/fe804000.i2c");
        _tree.Write("/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0076/name", "bme280");
        _tree.Write("/sys/bus/i2c/drivers/bmp280/uevent", "");
        _tree.Link("/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0076/driver", "/sys/bus/i2c/drivers/bmp280");
        _tree.Link("/sys/bus/i2c/devices/1-0076", "/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-0076");
        // Told to the kernel, which has no driver for it: free.
        _tree.Write("/sys/bus/i2c/devices/1-0018/name", "mcp9808");
        RecordingBus bus = RecordingBus.Of(_time, (ChipTypes.Bme280, 0x76), (ChipTypes.Mcp9808, 0x18));

        ScanReport report = await ScanAsync(_ => bus);

        Assert.Equal(
            [("bus 1, 0x18", "mcp9808", Certainty.Recognised), ("bus 1, 0x76", "bme280", Certainty.Taken)],
            report.Findings.Select(finding => (finding.Place, finding.Name, finding.Certainty)));
        Assert.Contains("driver bmp280", report.Findings[1].Remark, StringComparison.Ordinal);
        Assert.DoesNotContain(0x76, bus.Touched);
    }

    [Fact]
    public async Task A_bus_that_hangs_is_named_and_the_others_are_looked_at()
    {
        AddBus(1, "/sys/devices/platform/soc/fe804000.i2c");
        AddBus(3, "/sys/devices/platform/soc/fe805000.i2c");
        using var isHanging = new SemaphoreSlim(0);
        using var mayEnd = new ManualResetEventSlim();
        var hanging = new FakeI2cBus(_ =>
        {
            isHanging.Release();
            mayEnd.Wait();
        });

        Task<ScanReport> scanning = ScanAsync(number => number == 1 ? hanging : RecordingBus.Of(_time, (ChipTypes.Mcp9808, 0x18)));
        Assert.True(await isHanging.WaitAsync(TimeSpan.FromMinutes(1)));
        while (!scanning.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        ScanReport report = await scanning;
        mayEnd.Set();

        Assert.Contains(report.Problems, problem => problem.StartsWith("I2C bus 1 hangs", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Findings, finding => finding.Place.StartsWith("bus 1,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bus_that_gives_each_transfer_up_is_left_alone_after_three()
    {
        AddBus(1, "/sys/devices/platform/soc/fe804000.i2c");
        int transfers = 0;

        ScanReport report = await ScanAsync(_ => new FakeI2cBus(_ =>
        {
            transfers++;
            throw FakeI2cBus.Errno(110);
        }));

        Assert.Equal(3, transfers);
        Assert.Contains(report.Problems, problem => problem.StartsWith("I2C bus 1 does not work", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bus_that_may_not_be_opened_says_which_group_may()
    {
        AddBus(1, "/sys/devices/platform/soc/fe804000.i2c");

        ScanReport report = await ScanAsync(_ => throw new IOException("/dev/i2c-1 may not be opened by this user. Members of the group i2c may.", 13));

        Assert.Contains("group i2c", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Empty(report.Findings);
    }

    [Theory]
    [InlineData("/sys/devices/pci0000:00/0000:00:1f.4", false)]
    [InlineData("/sys/devices/pci0000:00/0000:00:02.0/drm/card0/card0-DP-1", false)]
    [InlineData("/sys/devices/pci0000:00/0000:00:15.0/i2c_designware.0", true)]
    [InlineData("/sys/devices/platform/axi/1000120000.pcie/1f00074000.i2c", true)]
    [InlineData("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0", true)]
    public async Task Buses_of_a_main_board_and_its_graphics_are_looked_at_only_when_they_are_named(string parent, bool isScanned)
    {
        AddBus(4, parent);
        var opened = new List<int>();
        I2cBus Open(int number)
        {
            opened.Add(number);
            return RecordingBus.Of(_time, (ChipTypes.Mcp9808, 0x18));
        }

        ScanReport report = await ScanAsync(Open);

        Assert.Equal(isScanned ? [4] : [], opened);
        Assert.Equal(isScanned, report.Problems.Count == 0);
        opened.Clear();
        await ScanAsync(Open, 4);
        Assert.Equal([4], opened);
    }

    private Task<ScanReport> ScanAsync(Func<int, I2cBus> open, params int[] wanted) => new I2cScan(_tree.Root, wanted, open, [], _time).RunAsync(CancellationToken.None);

    private void AddBus(int number, string parent)
    {
        _tree.Write($"{parent}/i2c-{number}/name", "an adapter");
        _tree.Link($"/sys/bus/i2c/devices/i2c-{number}", $"{parent}/i2c-{number}");
    }
}
