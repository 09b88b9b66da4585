using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Disks;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

/// <summary>The spool's disk fails under the uplink, which reads the same spool.</summary>
public sealed class UplinkDiskTests
{
    private const string Complaint = "The spool cannot be used";

    [MountFact]
    public async Task A_disk_that_turns_read_only_costs_the_uplink_a_pause_and_it_goes_on_with_the_spool_that_is_opened_again()
    {
        using TestDisk disk = TestDisk.Ext4(16, 16);
        await using var rig = new UplinkRig();
        rig.SpoolOptions.Path = Path.Combine(disk.Path, "spool");
        await rig.StartAsync();
        await rig.AppendAsync(1_000, readings: 100);
        disk.BecomeReadOnly();
        Uploader uploader = rig.Run();

        // All is sent, as it can be read; the mark of what was released cannot be written.
        await Eventually.TrueAsync(
            () => rig.Log.Lines.Any(line => line.Contains(Complaint, StringComparison.Ordinal)), TimeSpan.FromSeconds(20), "the uplink complains");
        await UplinkRig.WaitForStateAsync(uploader, UploadState.Waiting);
        await Assert.ThrowsAnyAsync<IOException>(async () => await rig.Slot.ReopenAsync());
        await UplinkRig.WaitForStateAsync(uploader, UploadState.WithoutSpool);
        disk.Unmount();
        disk.Mount();
        await rig.Slot.ReopenAsync();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 1_000);
        ulong told = rig.Live.AppendLoss(7, LossCause.DiskFull);
        await rig.Live.CommitAsync();
        await UplinkRig.WaitForReleaseAsync(rig.Live, told);

        rig.AssertAllStored(1_000);
        Assert.Equal(7ul, Assert.Single(rig.Cloud.Gaps).Readings);
        // Each session that was under way may find out by itself; nobody tries in a loop.
        Assert.InRange(rig.Log.Lines.Count(line => line.Contains(Complaint, StringComparison.Ordinal)), 1, 5);
    }
}
