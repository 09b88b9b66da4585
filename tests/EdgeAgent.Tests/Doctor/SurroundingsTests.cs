using System.Net;
using System.Net.Sockets;
using EdgeAgent.Doctor.Surroundings;
using EdgeAgent.Files;
using EdgeAgent.Sensors;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Doctor;

/// <summary>What the kernel says of files, locks, ports, mounts and accounts, on this machine and as its documentation has it.</summary>
public sealed class SurroundingsTests
{
    [Fact]
    public async Task A_file_has_the_owner_the_mode_and_the_inode_that_stat_shows()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        File.SetUnixFileMode(folder["file"], UnixFileMode.UserRead | UnixFileMode.GroupWrite);

        FileNode node = FileNode.TryRead(folder["file"])!.Value;

        (int exitCode, string output) = await ForeignProcess.RunAsync("stat", ["-c", "%u %g %i", folder["file"]], TimeSpan.FromMinutes(1));
        Assert.Equal(0, exitCode);
        Assert.Equal(output.Trim(), $"{node.User} {node.Group} {node.Inode}");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupWrite, node.Mode);
        Assert.Null(FileNode.TryRead(folder["none"]));
    }

    [Fact]
    public void A_device_may_be_used_by_its_owner_its_group_and_root_and_by_nobody_else()
    {
        const UnixFileMode groupMay = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        var node = new FileNode(5, 44, groupMay, 1, 0, 0);

        Assert.True(Examined.AccountOf(0).MayUse(node));
        Assert.True(Examined.AccountOf(5).MayUse(node));
        Assert.True(Examined.AccountOf(1000, 7, 44).MayUse(node));
        Assert.False(Examined.AccountOf(1000, 7).MayUse(node));
        Assert.False(Examined.AccountOf(1000, 44).MayUse(node with { Mode = groupMay & ~UnixFileMode.GroupWrite }));
    }

    [Fact]
    public async Task Who_has_a_spool_open_is_found_without_taking_its_lock()
    {
        using var folder = new TemporaryFolder();
        await using (Spool spool = Spool.Open(new SpoolOptions { Path = folder["spool"] }, TimeProvider.System, Guid.NewGuid()))
        {
            Assert.Equal(Environment.ProcessId, LockHolder.Of(HardwareRoot.Kernel, folder["spool"]));
        }

        Assert.Null(LockHolder.Of(HardwareRoot.Kernel, folder["spool"]));
        Assert.Null(LockHolder.Of(HardwareRoot.Kernel, folder["none"]));
    }

    [Fact]
    public void A_lock_is_told_by_the_device_and_the_inode_of_its_file()
    {
        const string locks = """
            1: POSIX  ADVISORY  WRITE 3568 fd:00:2531452 0 EOF
            2: FLOCK  ADVISORY  WRITE 812 b3:02:131 0 EOF
            2: -> FLOCK  ADVISORY  WRITE 900 b3:02:131 0 EOF
            """;

        Assert.Equal(812, LockHolder.Find(locks, new FileNode(0, 0, default, 131, 0xb3, 2)));
        Assert.Null(LockHolder.Find(locks, new FileNode(0, 0, default, 132, 0xb3, 2)));
    }

    [Fact]
    public void Who_listens_at_a_port_is_found()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endPoint = (IPEndPoint)listener.LocalEndpoint;

        Assert.Equal(Environment.ProcessId, ListeningPort.Find(HardwareRoot.Kernel, endPoint)?.Process);
        listener.Stop();
        Assert.Null(ListeningPort.Find(HardwareRoot.Kernel, endPoint));
    }

    [Fact]
    public void The_deepest_mount_above_a_folder_counts_with_the_options_of_mount_and_file_system()
    {
        const string mounts = """
            22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw
            35 22 0:30 / /var/lib/edge-agent ro,relatime - overlay none rw,lowerdir=/x
            36 22 8:1 / /var/lib/edge-agentx rw - ext4 /dev/sda1 rw,nobarrier
            """;

        Mount mount = Mount.Find(mounts, "/var/lib/edge-agent/spool")!;
        Assert.Equal(("/var/lib/edge-agent", "overlay", "0:30"), (mount.Point, mount.Type, mount.Device));
        Assert.Contains("ro", mount.Options);
        Assert.Equal("/", Mount.Find(mounts, "/var/lib")!.Point);
        Assert.Contains("nobarrier", Mount.Find(mounts, "/var/lib/edge-agentx")!.Options);
    }

    [Fact]
    public void An_account_has_its_own_group_those_it_is_a_member_of_and_those_its_unit_adds()
    {
        using var device = new Examined();
        device.With("etc/passwd", "root:x:0:0::/root:/bin/sh\nedge-agent:x:991:990::/var/lib/edge-agent:/usr/sbin/nologin\n")
            .With("etc/group", "root:x:0:\nedge-agent:x:990:\ni2c:x:44:edge-agent,pi\ngpio:x:45:pi\nspi:x:46:pi\n");

        Account account = Account.TryFind(new HardwareRoot(device.Root), "edge-agent", ["gpio"])!;

        Assert.Equal(991u, account.User);
        Assert.Equal([44u, 45u, 990u], account.Groups.Order());
        Assert.Null(Account.TryFind(new HardwareRoot(device.Root), "nobody-here", []));
        Assert.Contains(Account.OfProcess(HardwareRoot.Kernel, Environment.ProcessId)!.Name, File.ReadAllText("/etc/passwd"), StringComparison.Ordinal);
    }
}
