using EdgeAgent.Spooling.Files;
using EdgeAgent.Testing;
using Microsoft.Win32.SafeHandles;
using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class FaultTests
{
    private const int InputOutput = 5;
    private const int ReadOnly = 30;
    private readonly SimulatedFiles _files = SimulatedFiles.Formatted();

    [Theory]
    [InlineData("write", InputOutput, DiskFault.InputOutput)]
    [InlineData("sync", InputOutput, DiskFault.InputOutput)]
    [InlineData("write", ReadOnly, DiskFault.ReadOnly)]
    [InlineData("sync", 2, DiskFault.Missing)]
    public async Task A_write_that_fails_breaks_the_spool_by_name_and_opening_again_finds_what_was_committed(
        string call, int error, DiskFault fault)
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 10);
        await live.CommitAsync();
        Assert.Equal(SpoolState.Sound, spool.State);
        Append(live, 10);
        Fail(call, new IOException("fault", error));
        SpoolBrokenException broken = await Assert.ThrowsAsync<SpoolBrokenException>(async () => await live.CommitAsync());
        Assert.Equal((fault, SpoolState.Broken), (broken.Fault, spool.State));
        Assert.Throws<SpoolBrokenException>(() => live.Append("x"u8, 1));
        Assert.Equal(Range(1, 10), ReadAll(live).Records);
        _files.Before = static (_, _) => { };
        await spool.DisposeAsync();
        Assert.Equal(SpoolState.Closed, spool.State);

        await using Spool next = Open(_files);
        Assert.False(next.Recovery.ClosedCleanly);
        Assert.Equal(Range(1, 10), ReadAll(next[SpoolLane.Live]).Records[..10]);
    }

    [Fact]
    public async Task What_a_failed_sync_has_left_in_the_cache_only_is_written_again_before_it_counts()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 10);
        Fail("sync", new IOException("fault", InputOutput));
        await Assert.ThrowsAsync<SpoolBrokenException>(async () => await live.CommitAsync());
        _files.Before = static (_, _) => { };
        await spool.DisposeAsync();

        Spool next = Open(_files);
        Assert.Equal(10ul, next[SpoolLane.Live].Committed);
        await using Spool cold = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(Range(1, 10), ReadAll(cold[SpoolLane.Live]).Records);
    }

    [Fact]
    public async Task What_a_killed_owner_had_not_synced_is_durable_before_it_counts()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 3000);
        _ = spool[SpoolLane.Live].Tail;
        SimulatedFiles killed = _files.AfterKill();

        Spool next = Open(killed);
        ulong committed = next[SpoolLane.Live].Committed;
        Assert.InRange(committed, 1000ul, 3000ul);
        await using Spool cold = Open(killed.AfterPowerCut(), NextBoot);
        Assert.Equal(Range(1, committed), ReadAll(cold[SpoolLane.Live]).Records);
    }

    [Fact]
    public async Task A_full_spool_says_so_and_that_it_has_room_again()
    {
        await using Spool spool = Open(_files);
        _files.AvailableBytes = 0;
        Assert.Throws<SpoolFullException>(() => spool[SpoolLane.Live].Append("x"u8, 1));
        Assert.Equal(SpoolState.Full, spool.State);
        _files.AvailableBytes = long.MaxValue / 2;
        Append(spool[SpoolLane.Live], 1);
        Assert.Equal(SpoolState.Sound, spool.State);
    }

    [Fact]
    public async Task A_sector_that_cannot_be_read_costs_the_records_in_it_and_no_other()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 1000);
        await live.CommitAsync();
        _files.UnreadablePage = ("live-0000000000000001.segment", 5);
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(live);
        SpoolGap gap = Assert.Single(gaps);
        Assert.Equal((LossCause.Corrupt, ItemsOf(gap.From, gap.To)), (gap.Cause, gap.Items));
        Assert.InRange(gap.Records, 32ul, 34ul);
        Assert.Equal(1000, records.Count + (int)gap.Records);
        while (spool.Statistics.EvictedSegments == 0)
        {
            Append(live, 100);
        }
    }

    [Fact]
    public async Task A_disk_that_is_gone_loses_nothing_that_it_still_has()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 1000);
        await live.CommitAsync();
        _files.Before = static (_, _) => throw new IOException("gone", InputOutput);
        using (SpoolReader reader = live.OpenReader(1))
        {
            Assert.Throws<SpoolBrokenException>(() => reader.Read(out _));
        }
        Assert.Equal(SpoolState.Broken, spool.State);
        await Assert.ThrowsAnyAsync<IOException>(async () => await spool.DisposeAsync());
        _files.Before = static (_, _) => { };
        await using Spool next = Open(_files);
        Assert.Equal(Range(1, 1000), ReadAll(next[SpoolLane.Live]).Records);
    }

    [MountFact]
    public async Task On_a_real_disk_that_is_full_the_spool_lives_with_what_it_has_and_opens_again()
    {
        using var folder = new TemporaryFolder();
        using var disk = new MountedFolder(folder.Path, "3m");
        SpoolOptions options = Options(64 << 20);
        options.Path = Path.Combine(folder.Path, "spool");
        for (int round = 0; round < 2; round++)
        {
            await using Spool spool = Spool.Open(options, TimeProvider.System, Boot);
            SpoolQueue live = spool[SpoolLane.Live];
            while (spool.Statistics.EvictedSegments < 3)
            {
                Append(live, 100);
            }
            live.AppendLoss(1, LossCause.DiskFull);
            await live.CommitAsync();
            File.WriteAllBytes(Path.Combine(folder.Path, $"other{round}"), []);
        }
        // A disk with no room for even the marks of a new spool.
        using var other = new FileStream(Path.Combine(folder.Path, "filler"), FileMode.Create);
        Assert.ThrowsAny<IOException>(() => Fill(other));
        SpoolOptions second = Options(64 << 20);
        second.Path = Path.Combine(folder.Path, "second");
        SpoolUnavailableException full = Assert.Throws<SpoolUnavailableException>(() => Spool.Open(second, TimeProvider.System, Boot));
        Assert.Equal(DiskFault.NoRoom, full.Fault);
        // The old one has all that it needs.
        await using Spool still = Spool.Open(options, TimeProvider.System, Boot);
        Append(still[SpoolLane.Live], 5000);
        await still[SpoolLane.Live].CommitAsync();
    }

    [MountFact]
    public async Task On_a_real_disk_that_turns_read_only_and_back_nothing_committed_is_lost()
    {
        using var folder = new TemporaryFolder();
        using var disk = new MountedFolder(folder.Path, "8m");
        SpoolOptions options = Options();
        options.Path = folder["spool"];
        Spool spool = Spool.Open(options, TimeProvider.System, Boot);
        Append(spool[SpoolLane.Live], 100);
        await spool.DisposeAsync();
        disk.Remount("ro");
        Assert.Equal(
            DiskFault.ReadOnly, Assert.Throws<SpoolUnavailableException>(() => Spool.Open(options, TimeProvider.System, Boot)).Fault);
        disk.Remount("rw");
        await using Spool next = Spool.Open(options, TimeProvider.System, Boot);
        Assert.Equal(Range(1, 100), ReadAll(next[SpoolLane.Live]).Records);
    }

    /// <summary>
    /// Where files are open for writing the kernel turns a file system read-only in an emergency alone, and that is tests/vm's: then ext4 says that it has synced, and has not.
    /// Here somebody reads meanwhile.
    /// </summary>
    [MountFact]
    public void What_a_file_system_says_of_a_sync_is_not_believed_once_it_is_read_only()
    {
        using var folder = new TemporaryFolder();
        using var disk = new MountedFolder(folder.Path, "1m");
        File.WriteAllText(folder["file"], "content");
        using SafeFileHandle file = File.OpenHandle(folder["file"]);
        Durability.SyncContents(file);
        Durability.SyncDirectory(folder.Path);

        disk.Remount("ro");

        Assert.Equal(DiskFault.ReadOnly, DiskFaults.Of(Assert.Throws<IOException>(() => Durability.SyncContents(file))));
        Assert.Equal(DiskFault.ReadOnly, DiskFaults.Of(Assert.Throws<IOException>(() => Durability.SyncDirectory(folder.Path))));
        disk.Remount("rw");
        Durability.SyncContents(file);
    }

    [Fact]
    public async Task A_folder_that_vanishes_breaks_the_spool_by_name_and_opening_again_begins_a_new_one()
    {
        using var folder = new TemporaryFolder();
        SpoolOptions options = Options();
        options.Path = folder["spool"];
        Spool spool = Spool.Open(options, TimeProvider.System, Boot);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 100);
        await live.CommitAsync();
        Directory.Delete(options.Path, recursive: true);
        SpoolBrokenException broken = Assert.Throws<SpoolBrokenException>(() => Append(live, 100_000));
        Assert.Equal(DiskFault.Missing, broken.Fault);
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await spool.DisposeAsync());

        await using Spool next = Spool.Open(options, TimeProvider.System, Boot);
        Assert.True(next.Recovery.Created);
        Assert.NotEqual(spool.Id, next.Id);
        Append(next[SpoolLane.Live], 100);
        await next[SpoolLane.Live].CommitAsync();
    }

    [Fact]
    public async Task A_commit_into_a_file_that_somebody_deleted_is_none()
    {
        using var folder = new TemporaryFolder();
        SpoolOptions options = Options();
        options.Path = folder["spool"];
        Spool spool = Spool.Open(options, TimeProvider.System, Boot);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 100);
        await live.CommitAsync();
        Directory.Delete(options.Path, recursive: true);

        Append(live, 1);
        SpoolBrokenException broken = await Assert.ThrowsAsync<SpoolBrokenException>(async () => await live.CommitAsync());

        Assert.Equal(DiskFault.Missing, broken.Fault);
        Assert.Equal(100u, live.Committed);
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await spool.DisposeAsync());
    }

    private static void Fill(FileStream file)
    {
        for (int page = 0; page < 100_000; page++)
        {
            file.Write(new byte[4096]);
            file.Flush();
        }
    }

    private void Fail(string call, Exception fault) => _files.Before = (happening, _) =>
    {
        if (happening == call)
        {
            throw fault;
        }
    };
}
