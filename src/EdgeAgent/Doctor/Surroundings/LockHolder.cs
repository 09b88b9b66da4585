using System.Globalization;
using EdgeAgent.Files;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Surroundings;

/// <summary>
/// Who has a spool open, found without taking its lock, which for a moment would keep an agent from starting: proc_locks(5).
/// <code>line := n ":" "FLOCK" mode "WRITE" process major ":" minor ":" inode start end          major and minor in hexadecimal digits</code>
/// </summary>
internal static class LockHolder
{
    /// <returns>The process; null where nobody has it, or the kernel does not say.</returns>
    public static int? Of(HardwareRoot root, string spoolPath) =>
        FileNode.TryRead(Path.Join(spoolPath, "lock")) is { } node ? Find(KernelText.TryRead(root.At("/proc/locks")) ?? "", node) : null;

    public static int? Find(string locks, FileNode node)
    {
        string wanted = string.Create(CultureInfo.InvariantCulture, $"{node.DeviceMajor:x2}:{node.DeviceMinor:x2}:{node.Inode}");
        foreach (string line in locks.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 5 && words[1] == "FLOCK" && words[5] == wanted && int.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out int process))
            {
                return process;
            }
        }
        return null;
    }
}
