using System.Device.I2c;
using EdgeAgent.Doctor;
using EdgeAgent.Doctor.Checks;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Spooling;
using EdgeAgent.Tests.Scanning;

namespace EdgeAgent.Tests.Doctor;

/// <summary>Each check on a device that is well, and on one that is not: what is seen, and what to do about it.</summary>
public sealed class ChecksTests
{
    private const string Bus1 = """ "i2c": [ { "bus": 1, "sensors": [ { "chip": "bme280", "address": "0x76", "series": "air" } ] } ] """;

    [Fact]
    public async Task A_unit_as_the_package_has_it_passes_and_the_memory_it_is_given_fits()
    {
        using var examined = new Examined();
        ExaminedDevice device = examined.Device(unit: Examined.SoundUnit);

        Assert.All(await Examined.RunAsync(new UnitCheck(device)), found => Assert.Equal(Verdict.Pass, found.Verdict));
        Assert.All(await Examined.RunAsync(new MemoryCheck(device)), found => Assert.Equal(Verdict.Pass, found.Verdict));
    }

    [Theory]
    [InlineData("ActiveState=active", "ActiveState=failed", Verdict.Fail, "systemctl start")]
    [InlineData("UnitFileState=enabled", "UnitFileState=disabled", Verdict.Warn, "systemctl enable")]
    [InlineData("Restart=always", "Restart=no", Verdict.Fail, "package's unit")]
    [InlineData("WatchdogUSec=1min", "WatchdogUSec=infinity", Verdict.Warn, "WatchdogSec")]
    [InlineData("User=edge-agent", "User=", Verdict.Warn, "package's unit")]
    [InlineData("NeedDaemonReload=no", "NeedDaemonReload=yes", Verdict.Warn, "daemon-reload")]
    public async Task Each_setting_of_the_unit_that_costs_readings_is_told(string sound, string unsound, object verdict, string remedy)
    {
        using var examined = new Examined();
        ExaminedDevice device = examined.Device(unit: Examined.SoundUnit.Replace(sound, unsound, StringComparison.Ordinal));

        Assert.Contains(
            await Examined.RunAsync(new UnitCheck(device)), found => found.Verdict == (Verdict)verdict && found.Remedy.Contains(remedy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_heap_that_does_not_fit_into_the_unit_and_kills_for_want_of_memory_are_failures()
    {
        using var examined = new Examined();
        examined.With("sys/fs/cgroup/system.slice/edge-agent.service/memory.events", "low 0\nhigh 3\nmax 8\noom 2\noom_kill 2\n");
        ExaminedDevice device = examined.Device(unit: Examined.SoundUnit.Replace("0x2000000", "0x5000000", StringComparison.Ordinal));

        IReadOnlyList<Diagnosis> found = await Examined.RunAsync(new MemoryCheck(device));

        Assert.Contains(found, one => one.Verdict == Verdict.Fail && one.Remedy.Contains("MemoryMax", StringComparison.Ordinal));
        Assert.Contains(found, one => one.Subject == "kills" && one.Seen.Contains("2 times", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_systemd_and_without_a_configuration_there_is_still_a_report_that_says_so()
    {
        var device = new ExaminedDevice("/nowhere/agent.json", null, [new("/nowhere/agent.json", new(1, 1), "", "The file cannot be read: there is none.")])
        {
            Programs = static (_, _, _) => Task.FromResult<string?>(null),
            Environment = static _ => null,
        };

        IReadOnlyList<CheckReport> reports = await new Checkup(DoctorChecks.Of(device), TimeProvider.System).RunAsync(CancellationToken.None);

        Assert.Equal(reports.Count, reports.Select(report => report.Check).Distinct().Count());
        Assert.All(reports, report => Assert.NotEmpty(report.Diagnoses));
        Assert.Equal(Verdict.Fail, Assert.Single(reports[0].Diagnoses).Verdict);
        Assert.All(reports.SelectMany(report => report.Diagnoses).Where(found => found.Verdict is Verdict.Warn or Verdict.Fail), found => Assert.NotEmpty(found.Remedy));
    }

    [Fact]
    public async Task A_bus_that_is_missing_on_a_Raspberry_Pi_is_told_with_the_line_that_switches_it_on()
    {
        using var examined = new Examined();
        examined.With("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.5\0");

        Diagnosis found = Assert.Single(await Examined.RunAsync(new I2cCheck(examined.Device(Bus1))));

        Assert.Equal(Verdict.Fail, found.Verdict);
        Assert.Contains("dtparam=i2c_arm=on", found.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bus_that_the_agents_user_may_not_use_is_told_with_the_group_that_may()
    {
        using var examined = new Examined();
        examined.With("dev/i2c-1", "").With("etc/passwd", "edge-agent:x:64123:64123::/:/bin/false\n");
        string node = Path.Join(examined.Root, "dev/i2c-1");
        File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        uint group = EdgeAgent.Files.FileNode.TryRead(node)!.Value.Group;
        examined.With("etc/group", $"edge-agent:x:64123:\nbuses:x:{group}:\n");

        Diagnosis found = Assert.Single(await Examined.RunAsync(new I2cCheck(examined.Device(Bus1, Examined.SoundUnit))));

        Assert.Equal(Verdict.Fail, found.Verdict);
        Assert.Contains(group == 0 ? "udev" : "usermod -aG buses edge-agent", found.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chip_that_answers_passes_and_another_one_in_its_place_or_nobody_is_a_failure()
    {
        using var examined = new Examined();
        examined.With("dev/i2c-1", "");
        const string sections = """
            "i2c": [ { "bus": 1, "sensors": [ { "chip": "bme280", "address": "0x76", "series": "a" }, { "chip": "bme280", "address": "0x77", "series": "b" },
              { "chip": "mcp9808", "address": "0x18", "series": "c" } ] } ]
            """;
        ExaminedDevice device = examined.Device(sections);
        ChipType Chip(string name) => ChipTypes.All.Single(type => type.Name == name);
        I2cBus Bus() => RecordingBus.Of(TimeProvider.System, (Chip("bme280"), 0x76), (Chip("bmp280"), 0x77));

        IReadOnlyList<Diagnosis> found = await Examined.RunAsync(new I2cCheck(device, _ => Bus()));

        Assert.Equal([Verdict.Pass, Verdict.Fail, Verdict.Fail], found.Select(one => one.Verdict));
        Assert.Contains("A bmp280 answers", found[1].Seen, StringComparison.Ordinal);
        Assert.Contains("No mcp9808 answers", found[2].Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chips_are_not_asked_while_an_agent_runs()
    {
        using var examined = new Examined();
        examined.With("dev/i2c-1", "").With("proc/locks", "");
        ExaminedDevice device = examined.Device(Bus1);
        await using Spool running = Spool.Open(new SpoolOptions { Path = device.Known.Spool.Path }, TimeProvider.System, Guid.NewGuid());
        examined.With("proc/locks", File.ReadAllText("/proc/locks"));
        bool isAsked = false;

        IReadOnlyList<Diagnosis> found = await Examined.RunAsync(new I2cCheck(device, _ =>
        {
            isAsked = true;
            return RecordingBus.Of(TimeProvider.System);
        }));

        Assert.Equal([Verdict.Pass, Verdict.Skipped], found.Select(one => one.Verdict));
        Assert.False(isAsked);
    }

    [Fact]
    public async Task A_driver_that_is_missing_is_told_and_one_that_is_there_passes()
    {
        using var examined = new Examined();
        examined.With("sys/class/hwmon/hwmon0/name", "ina226\n").With("sys/bus/w1/devices/28-000000000001/name", "28-000000000001\n");
        ExaminedDevice device = examined.Device("""
            "hwmon": [ { "chip": "ina226", "series": "a" }, { "chip": "lm75", "series": "b" } ], "onewire": [ { "sensor": "28-000000000001", "series": "c" } ]
            """);

        IReadOnlyList<Diagnosis> found = await Examined.RunAsync(new KernelSensorCheck(device));

        Assert.Equal([("hwmon ina226", Verdict.Pass), ("hwmon lm75", Verdict.Fail), ("1-Wire 28-000000000001", Verdict.Fail)], found.Select(one => (one.Subject, one.Verdict)));
        Assert.Equal("modprobe w1_therm", found[2].Remedy);
    }

    [Theory]
    [InlineData("0x02 0x01", "0x01", Verdict.Pass)]
    [InlineData("0x09 0x01", "0x01", Verdict.Warn)]
    [InlineData("0x02 0x01", "0x02", Verdict.Warn)]
    [InlineData("0x0b 0x01", "0x01", Verdict.Fail)]
    [InlineData("0x02 0x01", "0x03", Verdict.Fail)]
    public async Task Flash_that_is_near_its_end_is_told_in_time(string life, string reserve, object verdict)
    {
        using var examined = new Examined();
        examined.With("proc/self/mountinfo", "22 1 179:2 / / rw,noatime - ext4 /dev/mmcblk0p2 rw\n").With("proc/uptime", "86400.00 1\n")
            .With("sys/dev/block/179:2/stat", "1 1 1 1 1 1 2048 1 1 1 1\n").With("sys/dev/block/179:2/device/life_time", life + "\n")
            .With("sys/dev/block/179:2/device/pre_eol_info", reserve + "\n");

        IReadOnlyList<Diagnosis> found = await Examined.RunAsync(new FlashCheck(examined.Device()));

        Assert.Equal([(Verdict)verdict, Verdict.Pass], found.Select(one => one.Verdict));
    }

    [Theory]
    [InlineData("ro,noatime - ext4 /dev/x rw", "file system", Verdict.Fail)]
    [InlineData("rw,noatime - tmpfs none rw", "file system", Verdict.Warn)]
    [InlineData("rw,noatime - vfat /dev/x rw", "file system", Verdict.Warn)]
    [InlineData("rw,noatime - ext4 /dev/x rw,nobarrier", "barriers", Verdict.Fail)]
    [InlineData("rw - ext4 /dev/x rw", "atime", Verdict.Warn)]
    [InlineData("rw,noatime - ext4 /dev/x rw", "file system", Verdict.Pass)]
    public async Task A_mount_that_does_not_keep_what_it_is_given_is_told(string options, string subject, object verdict)
    {
        using var examined = new Examined();
        examined.With("proc/self/mountinfo", $"22 1 179:2 / / {options}\n");

        IReadOnlyList<Diagnosis> found = await Examined.RunAsync(new DiskCheck(examined.Device()));

        Assert.Contains(found, one => one.Subject == subject && one.Verdict == (Verdict)verdict);
        Assert.Contains(found, one => one.Subject == "sync" && one.Verdict is Verdict.Pass or Verdict.Warn);
        Assert.Empty(Directory.EnumerateFiles(examined.Folder["state"], ".edge-agent-doctor*"));
    }

    [Fact]
    public async Task A_spool_that_may_outgrow_its_disk_is_told_before_it_does()
    {
        using var examined = new Examined();
        ExaminedDevice device = examined.Device();
        device.Known.Spool.MaximumBytes = 1L << 60;

        Assert.Contains(await Examined.RunAsync(new DiskCheck(device)), one => one.Subject == "space" && one.Verdict == Verdict.Warn);
        device.Known.Spool.FreeSpaceFloor = 1L << 60;
        Assert.Contains(await Examined.RunAsync(new DiskCheck(device)), one => one.Subject == "space" && one.Verdict == Verdict.Fail);
    }

    [Fact]
    public async Task A_key_that_others_may_read_is_told_and_a_certificate_that_is_good_says_who_the_device_is()
    {
        using var examined = new Examined();
        ExaminedDevice device = examined.Device("""  "clock": { "trust": "always" } """);
        File.SetUnixFileMode(examined.Folder["device.key"], UnixFileMode.UserRead | UnixFileMode.OtherRead);

        IReadOnlyList<Diagnosis> found = await Examined.RunAsync(new CertificateCheck(device));

        Assert.Equal([("", Verdict.Pass), ("key", Verdict.Warn)], found.Select(one => (one.Subject, one.Verdict)));
        Assert.Contains("This is test", found[0].Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_told_and_a_free_one_passes()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        using var examined = new Examined();
        ExaminedDevice device = examined.Device($$""" "mqtt": [ { "listen": "mqtt://127.0.0.1:{{port}}", "rules": [ { "topic": "t", "series": "t" } ] } ] """);
        var real = new ExaminedDevice(device.ConfigurationFile, device.Configuration, [])
        {
            Root = EdgeAgent.Sensors.HardwareRoot.Kernel,
            Programs = device.Programs,
            Environment = device.Environment,
        };

        Diagnosis taken = Assert.Single(await Examined.RunAsync(new IntakeCheck(real)));
        listener.Stop();
        Diagnosis free = Assert.Single(await Examined.RunAsync(new IntakeCheck(real)));

        Assert.Equal((Verdict.Fail, Verdict.Pass), (taken.Verdict, free.Verdict));
        Assert.Contains($"{Environment.ProcessId}", taken.Seen, StringComparison.Ordinal);
    }
}
