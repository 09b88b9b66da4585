using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Files;

/// <summary>
/// A mounted file system: proc_pid_mountinfo(5).
/// <code>line := id parent major:minor root mountpoint options { optional } "-" type source superoptions</code>
/// </summary>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Type">"ext4".</param>
/// <param name="Source">"/dev/mmcblk0p2", or a word where there is no device.</param>
/// <param name="Device">"179:2", major and minor number.</param>
/// <param name="Options">Of the mount and of the file system.</param>
internal sealed record Mount(string Point, string Type, string Source, string Device, IReadOnlyList<string> Options)
{
    private const int FixedColumns = 6; // before the optional ones

    /// <summary>What is mounted now, as the kernel tells it.</summary>
    /// <returns>Empty where it tells nothing.</returns>
    public static string Table(HardwareRoot root) => KernelText.TryRead(root.At("/proc/self/mountinfo")) ?? "";

    /// <summary>The lines of the table, in the order in which they were mounted. One that is cut is passed over.</summary>
    public static IEnumerable<Mount> All(string table)
    {
        foreach (string line in table.Split('\n'))
        {
            string[] words = line.Split(' ');
            int dash = Array.IndexOf(words, "-");
            if (dash >= FixedColumns && dash + 3 < words.Length)
            {
                // The kernel writes a space in a path as \040.
                string point = words[4].Replace("\\040", " ", StringComparison.Ordinal);
                yield return new Mount(point, words[dash + 1], words[dash + 2], words[2], [.. words[5].Split(','), .. words[dash + 3].Split(',')]);
            }
        }
    }

    /// <summary>What a folder is on: the deepest mount point above it; of several on the same one the last, which hides the others.</summary>
    public static Mount? Find(string table, string folder) => All(table)
        .Where(mount => mount.Point == "/" || folder == mount.Point || folder.StartsWith(mount.Point + "/", StringComparison.Ordinal))
        .Aggregate((Mount?)null, static (deepest, mount) => mount.Point.Length >= (deepest?.Point.Length ?? 0) ? mount : deepest);
}
