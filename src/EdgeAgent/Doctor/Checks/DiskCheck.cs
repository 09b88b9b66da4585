using System.Diagnostics;
using System.Globalization;
using EdgeAgent.Files;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Spooling;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Doctor.Checks;

/// <summary>The file system of the spool: room for what the spool may take, and whether it keeps what it is told to sync.</summary>
internal sealed class DiskCheck(ExaminedDevice device) : IDoctorCheck
{
    /// <summary>Fewer are used up by one log that is rotated by the minute.</summary>
    private const ulong FewInodes = 1_000;

    /// <summary>A page five times: enough for a typical time, and no wear.</summary>
    private const int Page = 4096, Syncs = 5;

    /// <summary>Twice the default commit window: batches would queue behind the disk.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    public string Name => "disk";

    public Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Diagnosis>>([.. Diagnose()]);

    private IEnumerable<Diagnosis> Diagnose()
    {
        SpoolOptions spool = device.Known.Spool;
        string folder = Existing(spool.Path);
        if (FileSystem.TryRead(folder) is not { } disk)
        {
            yield return Diagnosis.Fail("", $"{folder} cannot be looked at.", "Look whether the file system is mounted and sound: dmesg, fsck.");
            yield break;
        }
        yield return Room(spool, folder, disk);
        if (disk.Inodes > 0 && disk.FreeInodes < FewInodes)
        {
            yield return Diagnosis.Fail("inodes", string.Create(CultureInfo.InvariantCulture, $"{disk.FreeInodes} inodes are left: no file can be made soon, however much space there is."), "Delete small files that nobody needs.");
        }
        if (Mount.Find(Mount.Table(device.Root), Path.GetFullPath(folder)) is { } mount)
        {
            foreach (Diagnosis diagnosis in OfMount(mount))
            {
                yield return diagnosis;
            }
        }
        yield return folder == Path.GetFullPath(spool.Path) ? Sync(Beside(folder))
            : folder == Path.GetDirectoryName(Path.GetFullPath(spool.Path)) ? Sync(folder)
            : Diagnosis.Skipped("sync", "The folder of the spool is not there yet: it is made with the first start.");
    }

    private static Diagnosis Room(SpoolOptions spool, string folder, FileSystem disk)
    {
        long used = Directory.Exists(spool.Path) ? new DirectoryInfo(spool.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length) : 0;
        long needed = Math.Max(0, spool.MaximumBytes - used);
        long left = (long)disk.Available - needed;
        string seen = $"{Amount.Of((long)disk.Available)} are free at {folder}; the spool may grow by {Amount.Of(needed)}";
        return (long)disk.Available < spool.FreeSpaceFloor
            ? Diagnosis.Fail("space", $"{seen}, and already has to leave its last {Amount.Of(spool.FreeSpaceFloor)} to others: it drops old readings.", "Make room on the disk.")
            : left < spool.FreeSpaceFloor
                ? Diagnosis.Warn(
                    "space", $"{seen}, which would leave less than the floor of {Amount.Of(spool.FreeSpaceFloor)}: an outage is bridged for a shorter time than the cap promises.",
                    "Make room, or lower spool.maximumBytes.")
                : Diagnosis.Pass("space", $"{seen} and leaves its floor of {Amount.Of(spool.FreeSpaceFloor)}.");
    }

    private static IEnumerable<Diagnosis> OfMount(Mount mount)
    {
        string what = $"{mount.Type} at {mount.Point}";
        if (mount.Options.Contains("ro"))
        {
            yield return Diagnosis.Fail("file system", $"{what} is mounted read-only: readings are held in memory alone.", $"dmesg says why; then mount -o remount,rw {mount.Point}, or another card.");
        }
        else if (mount.Type is "tmpfs" or "ramfs" or "overlay")
        {
            yield return Diagnosis.Warn("file system", $"{what} does not outlive a power cut.", "Put spool.path and device.state on flash.");
        }
        else if (mount.Type is "vfat" or "exfat" or "fuseblk" or "nfs" or "nfs4" or "cifs")
        {
            yield return Diagnosis.Warn("file system", $"{what} does not keep names and contents in order over a power cut.", "Put the spool on ext4 or f2fs.");
        }
        else
        {
            yield return Diagnosis.Pass("file system", $"{what}.");
        }
        if (mount.Options.Contains("barrier=0") || mount.Options.Contains("nobarrier"))
        {
            yield return Diagnosis.Fail("barriers", $"{what} has its write barriers switched off: what was synced may be lost with the power.", "Remove nobarrier from /etc/fstab.");
        }
        if (!mount.Options.Contains("noatime") && !mount.Options.Contains("relatime") && !mount.Options.Contains("ro"))
        {
            yield return Diagnosis.Warn("atime", $"{what} writes a time for each file that is read, which wears flash.", "Add noatime to its line in /etc/fstab.");
        }
    }

    private Diagnosis Sync(string folder)
    {
        string probe = Path.Join(folder, $".edge-agent-doctor-{Environment.ProcessId}");
        try
        {
            var times = new List<TimeSpan>();
            using SafeFileHandle file = File.OpenHandle(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
            for (int i = 0; i < Syncs; i++)
            {
                RandomAccess.Write(file, new byte[Page], (long)i * Page);
                long started = Stopwatch.GetTimestamp();
                RandomAccess.FlushToDisk(file);
                times.Add(Stopwatch.GetElapsedTime(started));
            }
            times.Sort();
            string seen = string.Create(CultureInfo.InvariantCulture, $"A page is synced in {times[Syncs / 2].TotalMilliseconds:f1} ms, the slowest of {Syncs} in {times[^1].TotalMilliseconds:f1} ms.");
            return times[^1] > Slow ? Diagnosis.Warn("sync", seen, "Take a card that is made for writing all the time (industrial, or A2), or an SSD.") : Diagnosis.Pass("sync", seen);
        }
        catch (UnauthorizedAccessException denied) when (!device.IsRoot)
        {
            return Diagnosis.NeedsSudo("sync", denied.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Diagnosis.Fail("sync", $"The disk does not take a page: {failure.Message}", "dmesg says more; a card that fails like this is at its end.");
        }
    }

    /// <summary>Everything in the spool's folder belongs to the spool: the folder above is as good, where it is on the same file system.</summary>
    private static string Beside(string folder) =>
        Path.GetDirectoryName(folder) is { } above && FileNode.TryRead(above) is { } one && FileNode.TryRead(folder) is { } other
            && (one.DeviceMajor, one.DeviceMinor) == (other.DeviceMajor, other.DeviceMinor) ? above : folder;

    /// <summary>The spool is made with the first start: before that the folder above it counts.</summary>
    private static string Existing(string path)
    {
        string folder = Path.GetFullPath(path);
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }
        return folder;
    }
}
