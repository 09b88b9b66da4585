using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>
/// Free space, share of space and share of inodes in use of each file system on a disk: /proc/self/mountinfo (proc_pid_mountinfo(5)). A file
/// system that is mounted in several places counts once, where it was first; those in memory and on a network are left out: looking at the
/// latter may hang.
/// <code>line := id parent major:minor root mountpoint options { optional } "-" type source superoptions</code>
/// </summary>
internal sealed class DiskProbe(HardwareRoot root) : IHostProbe
{
    /// <summary>A gateway has two or three; more than this would be a fault, and three series each.</summary>
    private const int MaximumDisks = 16;

    private const string SourcePrefix = "/dev/", LoopPrefix = "/dev/loop";

    private string[] _folders = [];

    public IReadOnlyList<Quantity> Find()
    {
        (string Device, string Folder)[] disks = [.. Mounted().DistinctBy(mounted => mounted.Device).Take(MaximumDisks)];
        _folders = [.. disks.Select(disk => root.At(disk.Folder))];
        return [.. disks.SelectMany(disk => Quantities(disk.Folder == "/" ? "root" : SeriesLevel.From(disk.Folder)))];
    }

    public void Measure(Span<Measured> values)
    {
        values.Fill(Measured.None(Quality.Failed));
        for (int i = 0; i < _folders.Length; i++)
        {
            if (FileSystem.TryRead(_folders[i]) is { } disk && disk.Used + disk.Available > 0)
            {
                values[3 * i] = Measured.Good(disk.Available);
                values[(3 * i) + 1] = Measured.Good(100.0 * disk.Used / (disk.Used + disk.Available));
                values[(3 * i) + 2] = Measured.Good(disk.Inodes == 0 ? 0 : 100.0 * (disk.Inodes - disk.FreeInodes) / disk.Inodes);
            }
        }
    }

    public void Dispose()
    {
        // Nothing is kept open: what is looked at must be able to be unmounted.
    }

    private static Quantity[] Quantities(string name) =>
        [new($"disk/{name}/available", "By", 0), new($"disk/{name}/used", "%", 1), new($"disk/{name}/inodes_used", "%", 1)];

    private IEnumerable<(string Device, string Folder)> Mounted()
    {
        foreach (string line in (KernelText.TryRead(root.At("/proc/self/mountinfo")) ?? "").Split('\n'))
        {
            string[] words = line.Split(' ');
            int dash = Array.IndexOf(words, "-");
            if (dash >= 6 && dash + 2 < words.Length
                && words[dash + 2].StartsWith(SourcePrefix, StringComparison.Ordinal) && !words[dash + 2].StartsWith(LoopPrefix, StringComparison.Ordinal))
            {
                // The kernel writes a space in a path as \040.
                yield return (words[2], words[4].Replace("\\040", " ", StringComparison.Ordinal));
            }
        }
    }
}
