using EdgeAgent.Sensors.Host;

namespace EdgeAgent.Doctor.Drills;

/// <summary>
/// The disk is full, and then it is not any more. As root that is a small file system in memory, which really takes nothing (ENOSPC); as anybody else the spool's own
/// floor, which is put so high that the spool may grow no more.
/// </summary>
internal static class DiskFullDrill
{
    /// <summary>What the spool may take before the disk is full; and the small disk, of which the rest is somebody else's.</summary>
    private const long Room = 3L << 20, Disk = 24L << 20;

    /// <summary>The largest that a configuration may say, 1 TiB: on a larger disk the drill says that nothing gave way.</summary>
    private const long LargestFloor = 1L << 40;

    public static Task<IReadOnlyList<string>> RunAsync(DrillSandbox sandbox, DrillProgram program, TimeSpan length, TimeProvider time, Action<Rehearsal> begun, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(sandbox.SpoolFolder)!;
        return SmallDisk.TryMount(folder, Disk) is { } disk
            ? OnSmallDiskAsync(sandbox, program, disk, length, time, begun, cancellationToken)
            : ByFloorAsync(sandbox, program, folder, length, time, begun, cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> OnSmallDiskAsync(
        DrillSandbox sandbox, DrillProgram program, SmallDisk disk, TimeSpan length, TimeProvider time, Action<Rehearsal> begun, CancellationToken cancellationToken)
    {
        var rehearsal = new Rehearsal(sandbox, program, time);
        disk.Fill(Disk - Room);
        try
        {
            await rehearsal.LiveAsync(
                async _ =>
                {
                    await Task.Delay(length * (2.0 / 3), time, cancellationToken).ConfigureAwait(false);
                    disk.MakeRoom();
                    await Task.Delay(length / 3, time, cancellationToken).ConfigureAwait(false);
                },
                DrillLoad.Bytes, isKilled: false, cancellationToken).ConfigureAwait(false);
            // While the disk is there.
            begun(rehearsal);
        }
        finally
        {
            disk.Dispose();
        }
        return
        [
            "The spool lay on a small file system in memory that was full (ENOSPC) for two thirds of the time; then there was room again. The device's own disk was not filled.",
            "What gave way is counted in the spool's ledger, and the count is compared with what is missing.",
        ];
    }

    private static async Task<IReadOnlyList<string>> ByFloorAsync(
        DrillSandbox sandbox, DrillProgram program, string folder, TimeSpan length, TimeProvider time, Action<Rehearsal> begun, CancellationToken cancellationToken)
    {
        long available = (long)(FileSystem.TryRead(folder)?.Available ?? 0), floor = Math.Clamp(available - Room, 0, LargestFloor);
        bool isFull = true;
        var rehearsal = new Rehearsal(sandbox, program, time) { Configure = port => sandbox.Configure(port, DrillSizes.Cap, isFull ? floor : 0) };
        await rehearsal.LiveAsync(_ => Task.Delay(length * (2.0 / 3), time, cancellationToken), DrillLoad.Bytes, isKilled: false, cancellationToken).ConfigureAwait(false);
        isFull = false;
        await rehearsal.LiveAsync(_ => Task.Delay(length / 3, time, cancellationToken), DrillLoad.Bytes, isKilled: false, cancellationToken).ConfigureAwait(false);
        begun(rehearsal);
        return
        [
            "The spool was told to leave all but 3 MiB of the disk to others; then, after a restart, there was room again. The disk itself was not full: as root (sudo) the drill has one that is.",
            "What gave way is counted in the spool's ledger, and the count is compared with what is missing.",
        ];
    }
}
