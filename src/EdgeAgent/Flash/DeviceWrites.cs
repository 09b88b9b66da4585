using System.Globalization;

namespace EdgeAgent.Flash;

/// <summary>
/// Bytes written to the block device that a folder is on, by anybody, since the machine started: its file system is found in /proc/self/mountinfo
/// (proc(5)), its sectors of 512 bytes in the seventh column of /sys/dev/block/MAJOR:MINOR/stat (Documentation/block/stat.rst of the kernel).
/// </summary>
internal sealed class DeviceWrites(string folder)
{
    private const int SectorBytes = 512;
    private const int SectorsWritten = 6;

    private readonly string _folder = Path.GetFullPath(folder);

    /// <returns>Null where there is no such device, as in memory, in a container or on a network.</returns>
    public long? TryRead()
    {
        try
        {
            return TryFindDevice(File.ReadAllText("/proc/self/mountinfo"), _folder) is { } device
                ? TryParse(File.ReadAllText($"/sys/dev/block/{device}/stat"))
                : null;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The device of the deepest mount point above the folder; of several on the same one the last, which hides the others.</summary>
    public static string? TryFindDevice(string mounts, string folder)
    {
        (string? device, int depth) = (null, -1);
        foreach (string line in mounts.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // 36 35 98:0 /root /mount/point options …
            string[] columns = line.Split(' ', 6);
            if (columns.Length == 6 && Contains(columns[4].Replace("\\040", " ", StringComparison.Ordinal), folder) is var length && length >= depth)
            {
                (device, depth) = (columns[2], length);
            }
        }
        return device;
    }

    public static long? TryParse(string stat)
    {
        string[] columns = stat.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return columns.Length > SectorsWritten && long.TryParse(columns[SectorsWritten], NumberStyles.None, CultureInfo.InvariantCulture, out long sectors)
            ? sectors * SectorBytes
            : null;
    }

    /// <returns>The length of the mount point; -2 where the folder is not beneath it.</returns>
    private static int Contains(string mountPoint, string folder) =>
        mountPoint == "/" || folder == mountPoint || folder.StartsWith(mountPoint + "/", StringComparison.Ordinal) ? mountPoint.Length : -2;
}
