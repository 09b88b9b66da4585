using EdgeAgent.Files;
using EdgeAgent.Flash;

namespace EdgeAgent.Tests.Flash;

/// <summary>Texts as a Raspberry Pi's kernel writes them.</summary>
public sealed class KernelCountsTests
{
    private const string Mounts = """
        22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw
        30 22 0:23 / /tmp rw,nosuid shared:12 - tmpfs tmpfs rw
        41 22 179:1 / /boot/firmware rw shared:20 - vfat /dev/mmcblk0p1 rw
        52 22 8:1 / /var/lib/edge\040agent rw shared:25 - ext4 /dev/sda1 rw

        """;

    [Fact]
    public void The_bytes_that_the_process_caused_to_be_written_are_found() => Assert.Equal(
        4_096, ProcessWrites.TryParse("rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 4096\ncancelled_write_bytes: 7\n"));

    [Theory]
    [InlineData("/var/lib/edge agent/spool", "8:1")]
    [InlineData("/var/lib/edge agent", "8:1")]
    [InlineData("/var/lib/edge agents", "179:2")]
    [InlineData("/tmp/spool", "0:23")]
    public void The_device_of_a_folder_is_that_of_the_deepest_mount_above_it(string folder, string device) =>
        Assert.Equal(device, Mount.Find(Mounts, folder)?.Device);

    [Fact]
    public void The_sectors_that_a_device_has_written_are_found() => Assert.Equal(
        10_246 * 512, DeviceWrites.TryParse("     598       17     8852      267      322      216    10246      235        0      484      587        2        0\n"));

    [Fact]
    public void What_is_no_count_is_none()
    {
        Assert.Null(ProcessWrites.TryParse("write_bytes: many\n"));
        Assert.Null(DeviceWrites.TryParse("1 2 3"));
        Assert.Null(new DeviceWrites("/proc/self").TryRead());
    }
}
