using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Sensors.Kernel;

namespace EdgeAgent.Tests.Sensors.Host;

public sealed class HostHealthTests : IDisposable
{
    private readonly KernelTree _tree = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Cpu_is_the_share_of_the_time_since_the_last_read()
    {
        _tree.Write("/proc/stat", "cpu  1000 0 500 8000 400 0 100 0 0 0\ncpu0 1000 0 500 8000 400 0 100 0 0 0");
        using HostHealth health = Health(new CpuProbe(_tree.Root));
        Assert.Equal(Measured.None(Quality.NotReady), health.Measure()["cpu/busy"]);

        _tree.Write("/proc/stat", "cpu  1200 0 540 8700 450 0 110 0 0 0\ncpu0 1000 0 500 8000 400 0 100 0 0 0");
        Dictionary<string, Measured> values = health.Measure();

        values.AssertGood("cpu/busy", 25);
        values.AssertGood("cpu/iowait", 5);
    }

    [Fact]
    public void A_counter_that_went_back_gives_no_value_and_is_where_the_next_one_counts_from()
    {
        _tree.Write("/proc/stat", "cpu  1000 0 500 8000 400 0 100 0 0 0");
        AddInterface("eth0", "1", isHardware: true);
        using HostHealth health = Health(new CpuProbe(_tree.Root), new NetworkProbe(_tree.Root, _time));
        health.Measure([]);

        _tree.Write("/proc/stat", "cpu  1000 0 500 7000 400 0 100 0 0 0");
        _tree.Write("/sys/class/net/eth0/statistics/rx_bytes", "10");
        _time.Advance(TimeSpan.FromSeconds(10));
        Dictionary<string, Measured> values = health.Measure();
        Assert.Equal(Quality.NotReady, values["cpu/busy"].Quality);
        Assert.Equal(Quality.NotReady, values["network/eth0/received"].Quality);

        _tree.Write("/proc/stat", "cpu  1050 0 500 7050 400 0 100 0 0 0");
        _tree.Write("/sys/class/net/eth0/statistics/rx_bytes", "1010");
        _time.Advance(TimeSpan.FromSeconds(10));
        values = health.Measure();
        values.AssertGood("cpu/busy", 50);
        values.AssertGood("network/eth0/received", 100);
    }

    [Fact]
    public void Load_memory_uptime_and_the_agent_itself_are_what_proc_says()
    {
        _tree.Write("/proc/loadavg", "0.52 0.38 1.25 2/345 12345");
        _tree.Write("/proc/meminfo", "MemTotal:        1000000 kB\nMemFree:           50000 kB\nMemAvailable:     250000 kB\nSwapTotal:        102396 kB\nSwapFree:         102395 kB");
        _tree.Write("/proc/uptime", "350735.47 234388.90");
        _tree.Write("/proc/self/status", "Name:\tedge-agent\nVmHWM:\t   51000 kB\nVmRSS:\t   45056 kB");
        _tree.Write("/proc/self/stat", "77 (edge (agent) 1) S 1 77 77 0 -1 4194560 100 0 0 0 500 250 0 0 20 0 12 0 1 1 1");
        using HostHealth health = Health(new LoadProbe(_tree.Root), new MemoryProbe(_tree.Root), new UptimeProbe(_tree.Root), new ProcessProbe(_tree.Root, _time));
        health.Measure([]);

        _tree.Write("/proc/self/stat", "77 (edge (agent) 1) S 1 77 77 0 -1 4194560 100 0 0 0 525 275 0 0 20 0 12 0 1 1 1");
        _time.Advance(TimeSpan.FromSeconds(10));
        Dictionary<string, Measured> values = health.Measure();

        values.AssertGood("load/1m", 0.52);
        values.AssertGood("load/15m", 1.25);
        values.AssertGood("memory/available", 256_000_000);
        values.AssertGood("memory/used", 75);
        values.AssertGood("memory/swapped", 1024);
        values.AssertGood("uptime", 350735.47);
        values.AssertGood("process/memory", 45056 * 1024);
        values.AssertGood("process/cpu", 5);
    }

    [Fact]
    public void Interfaces_that_lead_somewhere_are_taken_and_those_of_containers_are_not()
    {
        AddInterface("lo", "772", isHardware: false);
        AddInterface("eth0", "1", isHardware: true);
        AddInterface("docker0", "1", isHardware: false);
        AddInterface("ppp0", "512", isHardware: false);
        AddInterface("wg0", "65534", isHardware: false);
        // An interface that is down has no carrier to be read.
        File.Delete(_tree["/sys/class/net/ppp0/carrier"]);
        using HostHealth health = Health(new NetworkProbe(_tree.Root, _time));

        Dictionary<string, Measured> values = health.Measure();

        Assert.Equal(["eth0", "ppp0", "wg0"], values.Keys.Select(name => name.Split('/')[1]).Distinct());
        values.AssertGood("network/eth0/link", 1);
        values.AssertGood("network/ppp0/link", 0);
    }

    [Fact]
    public void No_more_interfaces_are_taken_than_a_gateway_could_have()
    {
        for (int i = 0; i < 100; i++)
        {
            AddInterface($"eth{i}", "1", isHardware: true);
        }
        using HostHealth health = Health(new NetworkProbe(_tree.Root, _time));

        Assert.Equal(16 * 5, health.Measure().Count);
    }

    [Fact]
    public void Each_file_system_on_a_disk_counts_once_and_none_in_memory_or_on_a_network()
    {
        Directory.CreateDirectory(_tree["/boot/firmware"]);
        _tree.Write(
            "/proc/self/mountinfo",
            """
            25 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw
            30 25 0:25 / /run rw shared:2 - tmpfs tmpfs rw
            31 25 179:1 / /boot/firmware rw - vfat /dev/mmcblk0p1 rw
            32 25 179:2 /var /mnt/var rw shared:3 master:1 - ext4 /dev/mmcblk0p2 rw
            33 25 0:50 / /mnt/nas rw - nfs4 nas:/export rw
            34 25 7:0 / /snap/core ro - squashfs /dev/loop0 ro
            """);
        using HostHealth health = Health(new DiskProbe(_tree.Root));

        Dictionary<string, Measured> values = health.Measure();

        Assert.Equal(["disk/root/available", "disk/root/used", "disk/root/inodes_used", "disk/boot_firmware/available"], values.Keys.Take(4));
        Assert.Equal(6, values.Count);
        // The folder stands in for the disk; what .NET says of it is the same.
        var drive = new DriveInfo(_tree["/"]);
        Assert.InRange(values["disk/root/available"].Value, drive.AvailableFreeSpace * 0.8, drive.AvailableFreeSpace * 1.25);
        Assert.InRange(values["disk/root/used"].Value, 0, 100);
    }

    [Fact]
    public void The_structure_of_statvfs_is_read_with_longs_of_either_size()
    {
        byte[] wide = new byte[112], narrow = new byte[96];
        BitConverter.GetBytes(1024L).CopyTo(wide, 8);
        BitConverter.GetBytes(1024).CopyTo(narrow, 4);
        ulong[] counts = [1_000_000, 600_000, 500_000, 64_000, 60_000];
        Buffer.BlockCopy(counts, 0, wide, 16, 40);
        Buffer.BlockCopy(counts, 0, narrow, 8, 40);

        var expected = new FileSystem(1_024_000_000, 512_000_000, 409_600_000, 64_000, 60_000);
        Assert.Equal(expected, FileSystem.Read(wide, 8));
        Assert.Equal(expected, FileSystem.Read(narrow, 4));
    }

    [Theory]
    [InlineData("/sys/devices/platform/soc/soc:firmware", "0", 0, 0)]
    [InlineData("/sys/devices/platform/soc/soc:firmware", "50005", 1, 1)]
    [InlineData("/sys/devices/platform/soc@107c000000/soc@107c000000:firmware", "50000", 0, 0)] // only since the start
    [InlineData("/sys/devices/platform/soc/soc:firmware", "80008", 0, 1)]
    public void A_raspberry_pi_says_whether_its_voltage_is_low_and_whether_it_slows_itself_down(string folder, string bits, double voltage, double throttled)
    {
        _tree.Write(folder, ("get_throttled", bits));
        using HostHealth health = Health(new PowerProbe(_tree.Root));

        Dictionary<string, Measured> values = health.Measure();

        values.AssertGood("power/undervoltage", voltage);
        values.AssertGood("power/throttled", throttled);
    }

    [Fact]
    public void Without_the_file_of_the_firmware_the_alarm_of_the_voltage_chip_counts_and_other_machines_have_neither()
    {
        using (HostHealth other = Health(new PowerProbe(_tree.Root)))
        {
            Assert.Empty(other.Measure());
        }
        _tree.Write("/sys/class/hwmon/hwmon1", ("name", "rpi_volt"), ("in0_lcrit_alarm", "1"));
        using HostHealth health = Health(new PowerProbe(_tree.Root));

        Assert.Equal([new KeyValuePair<string, Measured>("power/undervoltage", Measured.Good(1))], health.Measure());
    }

    [Fact]
    public void Bytes_written_and_wear_are_told_of_disks_that_are_hardware()
    {
        _tree.Write("/sys/block/mmcblk0/stat", "  8745 3123 614820 11036 5284 7621 200000 38236 0 23996 49272 0 0 0 0 0 0");
        _tree.Write("/sys/block/mmcblk0/device", ("life_time", "0x02 0x03"), ("pre_eol_info", "0x01"));
        _tree.Write("/sys/block/mmcblk0boot0/device", ("life_time", "0x02 0x03"));
        _tree.Write("/sys/block/sda/stat", "0 0 0 0 0 0 10 0 0 0 0");
        _tree.Write("/sys/block/sda/device", ("model", "Flash Disk"));
        _tree.Write("/sys/block/zram0/stat", "0 0 0 0 0 0 10 0 0 0 0");
        using HostHealth health = Health(new FlashProbe(_tree.Root, _time));
        health.Measure([]);

        _tree.Write("/sys/block/mmcblk0/stat", "  8745 3123 614820 11036 5284 7621 200400 38236 0 23996 49272 0 0 0 0 0 0");
        _time.Advance(TimeSpan.FromSeconds(10));
        Dictionary<string, Measured> values = health.Measure();

        values.AssertGood("flash/mmcblk0/written", 400 * 512 / 10);
        values.AssertGood("flash/mmcblk0/life_used", 30);
        values.AssertGood("flash/mmcblk0/end_of_life", 1);
        values.AssertGood("flash/sda/written", 0);
        Assert.Equal(4, values.Count);
    }

    [Fact]
    public void An_emmc_that_does_not_know_its_wear_gives_no_value_for_it()
    {
        _tree.Write("/sys/block/mmcblk0/device", ("life_time", "0x00 0x00"), ("pre_eol_info", "unknown"));
        using HostHealth health = Health(new FlashProbe(_tree.Root, _time));

        Dictionary<string, Measured> values = health.Measure();

        Assert.Equal(Quality.OutOfRange, values["flash/mmcblk0/life_used"].Quality);
        Assert.Equal(Quality.Failed, values["flash/mmcblk0/end_of_life"].Quality);
    }

    [Fact]
    public void On_the_machine_of_this_test_all_that_every_linux_has_is_there()
    {
        HardwareRoot root = HardwareRoot.Kernel;
        using HostHealth health = Health(new CpuProbe(root), new LoadProbe(root), new MemoryProbe(root), new UptimeProbe(root), new ProcessProbe(root, TimeProvider.System));
        health.Measure([]);

        Dictionary<string, Measured> values = health.Measure();

        Assert.All(values.Where(value => !value.Key.StartsWith("cpu/", StringComparison.Ordinal) && value.Key != "process/cpu"), value => Assert.Equal(Quality.Good, value.Value.Quality));
        Assert.InRange(values["process/memory"].Value, 10e6, 100e9);
        Assert.InRange(values["memory/used"].Value, 0, 100);
    }

    private static HostHealth Health(params IHostProbe[] probes) => new(probes);

    private void AddInterface(string name, string type, bool isHardware)
    {
        _tree.Write($"/sys/class/net/{name}", ("type", type), ("carrier", "1"));
        _tree.Write($"/sys/class/net/{name}/statistics", ("rx_bytes", "5000"), ("tx_bytes", "100"), ("rx_errors", "0"), ("tx_errors", "0"));
        if (isHardware)
        {
            Directory.CreateDirectory(_tree[$"/sys/class/net/{name}/device"]);
        }
    }
}
