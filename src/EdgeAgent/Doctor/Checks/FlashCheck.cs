using System.Globalization;
using EdgeAgent.Files;
using EdgeAgent.Flash;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Checks;

/// <summary>How worn the flash is that the spool is on, and how fast it wears: what an eMMC says of itself, and what was written since the device started.</summary>
internal sealed class FlashCheck(ExaminedDevice device) : IDoctorCheck
{
    /// <summary>Of the life used, in tenths, as DEVICE_LIFE_TIME_EST of JESD84-B51 counts: 11 is beyond what was promised.</summary>
    private const int WornOut = 11, NearEnd = 9;

    /// <summary>PRE_EOL_INFO: 1 normal, 2 four fifths of the reserve are used up, 3 nine tenths.</summary>
    private const int ReserveLow = 2;

    /// <summary>A card of 8 GB that bears 1,000 cycles lasts ten years at 2 GB a day.</summary>
    private const double MuchADay = 2e9;

    /// <summary>What was written in a shorter time says more about the start than about a day.</summary>
    private static readonly TimeSpan ShortestUptime = TimeSpan.FromHours(1);

    public string Name => "flash";

    public Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Diagnosis>>([.. Diagnose()]);

    private IEnumerable<Diagnosis> Diagnose()
    {
        string folder = Path.GetFullPath(device.Known.Spool.Path);
        if (Mount.Find(Mount.Table(device.Root), folder) is not { } mount || DiskOf(mount.Device) is not { } disk)
        {
            yield return Diagnosis.Skipped("", "The spool is on no disk that the kernel tells of.");
            yield break;
        }
        string name = Path.GetFileName(disk);
        int life = Steps(Path.Join(disk, "device/life_time")), reserve = Steps(Path.Join(disk, "device/pre_eol_info"));
        yield return life <= 0 ? Diagnosis.Skipped(name, "It does not tell how worn it is; SD cards never do.")
            : life >= WornOut || reserve > ReserveLow
                ? Diagnosis.Fail(name, "It has used up the life that its maker promises.", "Replace it now: export the spool first (edge-agent spool export).")
                : life >= NearEnd || reserve == ReserveLow
                    ? Diagnosis.Warn(name, Used(life), "Plan to replace it, and write less: batch.maximumAge, spool.durability offline-only.")
                    : Diagnosis.Pass(name, Used(life));
        if (WrittenADay(disk) is { } bytes)
        {
            string seen = $"{Amount.Of((long)bytes)} a day are written to it, by all programs together.";
            yield return bytes > MuchADay
                ? Diagnosis.Warn($"{name} wear", seen, "Look what writes: iotop -a; logs to memory (journald Storage=volatile), swap off.")
                : Diagnosis.Pass($"{name} wear", seen);
        }
    }

    private static string Used(int life) => string.Create(CultureInfo.InvariantCulture, $"Up to {life * 10} % of its life is used.");

    /// <summary>The whole disk of a partition: /sys/dev/block/MAJOR:MINOR points into its folder.</summary>
    private string? DiskOf(string number)
    {
        var block = new DirectoryInfo(device.Root.At($"/sys/dev/block/{number}"));
        string? folder = block.Exists ? block.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? block.FullName : null;
        return folder is not null && File.Exists(Path.Join(folder, "partition")) ? Path.GetDirectoryName(folder) : folder;
    }

    private double? WrittenADay(string disk)
    {
        string? uptime = KernelText.TryRead(device.Root.At("/proc/uptime"))?.Split(' ')[0];
        return double.TryParse(uptime, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds >= ShortestUptime.TotalSeconds
            && KernelText.TryRead(Path.Join(disk, "stat")) is { } stat && DeviceWrites.TryParse(stat) is { } bytes
            ? bytes / seconds * TimeSpan.FromDays(1).TotalSeconds
            : null;
    }

    private static int Steps(string file) => FlashWear.TryParseSteps(KernelText.TryRead(file) ?? "") ?? 0;
}
