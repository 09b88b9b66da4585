using EdgeAgent.Files;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>
/// Free space, share of space and share of inodes in use of each file system on a disk (<see cref="Mount"/>). A file system that is mounted in
/// several places counts once, where it was first; those in memory and on a network are left out: looking at the latter may hang.
/// </summary>
internal sealed class DiskProbe(HardwareRoot root) : IHostProbe
{
    /// <summary>A gateway has two or three; more than this would be a fault, and three series each.</summary>
    private const int MaximumDisks = 16;

    private const string SourcePrefix = "/dev/", LoopPrefix = "/dev/loop";

    private string[] _folders = [];

    public IReadOnlyList<Quantity> Find()
    {
        Mount[] disks = [.. OnDisks().DistinctBy(static disk => disk.Device).Take(MaximumDisks)];
        _folders = [.. disks.Select(disk => root.At(disk.Point))];
        return [.. disks.SelectMany(disk => Quantities(disk.Point == "/" ? "root" : SeriesLevel.From(disk.Point)))];
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

    private IEnumerable<Mount> OnDisks() => Mount.All(Mount.Table(root)).Where(static mount =>
        mount.Source.StartsWith(SourcePrefix, StringComparison.Ordinal) && !mount.Source.StartsWith(LoopPrefix, StringComparison.Ordinal));
}
