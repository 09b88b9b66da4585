using System.Globalization;
using EdgeAgent.Files;
using EdgeAgent.Sensors;

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
            return Mount.Find(Mount.Table(HardwareRoot.Kernel), _folder) is { } mount
                ? TryParse(File.ReadAllText($"/sys/dev/block/{mount.Device}/stat"))
                : null;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static long? TryParse(string stat)
    {
        string[] columns = stat.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return columns.Length > SectorsWritten && long.TryParse(columns[SectorsWritten], NumberStyles.None, CultureInfo.InvariantCulture, out long sectors)
            ? sectors * SectorBytes
            : null;
    }
}
