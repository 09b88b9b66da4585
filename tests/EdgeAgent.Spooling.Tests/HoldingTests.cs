using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests;

/// <summary>The mode in which memory holds the live lane while the cloud takes it.</summary>
public sealed class HoldingTests : IDisposable
{
    private const int Payload = 1000;
    private readonly ManualTimeProvider _time = new();
    private readonly SimulatedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task An_hour_of_receipts_in_time_writes_next_to_nothing()
    {
        await using Spool spool = await OpenHoldingAsync();
        SpoolStatistics before = spool.Statistics;
        for (int second = 0; second < 3600; second++)
        {
            await AppendAsync(spool, 4);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(ReleaseResult.Released, spool[SpoolLane.Live].Release(spool[SpoolLane.Live].Committed));
        }
        SpoolStatistics after = spool.Statistics;
        Assert.True(after.AppendedBytes - before.AppendedBytes > 14_000_000);
        // Not one segment was begun on disk; 14,400 records are within one reservation.
        Assert.Equal((0, 0, 0), (after.BytesWritten - before.BytesWritten, after.Syncs - before.Syncs, after.DirectorySyncs - before.DirectorySyncs));
    }

    [Fact]
    public async Task Readers_see_what_memory_holds_and_it_is_secured_by_the_receipt()
    {
        await using Spool spool = await OpenHoldingAsync();
        SpoolQueue queue = spool[SpoolLane.Live];
        ulong before = queue.Tail;
        int moved = 0;
        queue.SecuredMoved = () => moved++;
        await AppendAsync(spool, 10);
        Assert.Equal((before + 10, before), (queue.Committed, queue.Secured));
        (List<ulong> records, List<SpoolGap> gaps) = Rig.ReadAll(queue, bytes: Payload);
        Assert.Equal((10, 0), (records.Count, gaps.Count));
        Assert.Equal(0, moved);
        queue.Release(before + 7);
        Assert.Equal((before + 7, 1), (queue.Secured, moved));
    }

    [Fact]
    public async Task What_has_no_receipt_within_the_window_is_written_and_so_is_all_that_follows()
    {
        await using Spool spool = await OpenHoldingAsync();
        await AppendAsync(spool, 10);
        _time.Advance(TimeSpan.FromSeconds(30));
        await AppendAsync(spool, 10);
        Assert.True(spool.Statistics.HeldBytes > 0);
        _time.Advance(TimeSpan.FromSeconds(31));
        await WrittenAsync(spool);
        await AppendAsync(spool, 5);
        SpoolQueue queue = spool[SpoolLane.Live];
        Assert.Equal((queue.Tail, queue.Tail), (queue.Committed, queue.Secured));
        await AfterPowerCutAsync(queue.Tail, queue.Released, 25);
    }

    [Fact]
    public async Task Trouble_of_the_uplink_writes_at_once_and_memory_holds_again_a_window_after_it_has_passed()
    {
        await using Spool spool = await OpenHoldingAsync();
        SpoolQueue queue = spool[SpoolLane.Live];
        await AppendAsync(spool, 10);
        spool.ReportUplink(isInTrouble: true);
        await WrittenAsync(spool);
        Assert.Equal(queue.Tail, queue.Secured);
        spool.ReportUplink(isInTrouble: false);
        queue.Release(queue.Committed);
        await AppendAsync(spool, 1);
        Assert.Equal(queue.Tail, queue.Secured);
        _time.Advance(TimeSpan.FromSeconds(60));
        queue.Release(queue.Committed);
        await AppendAsync(spool, 1);
        Assert.Equal(queue.Tail - 1, queue.Secured);
    }

    [Fact]
    public async Task Memory_that_is_full_is_written()
    {
        await using Spool spool = await OpenHoldingAsync();
        SpoolQueue queue = spool[SpoolLane.Live];
        ulong before = queue.Tail;
        while (queue.Secured == before)
        {
            await AppendAsync(spool, 1);
            Assert.InRange(spool.Statistics.HeldBytes, 0, 512 * 1024);
        }
        Assert.InRange(queue.Tail - before, 400ul, 520ul);
        await AfterPowerCutAsync(queue.Secured, queue.Released, (int)(queue.Secured - before));
    }

    [Fact]
    public async Task The_end_writes_what_memory_holds()
    {
        Spool spool = await OpenHoldingAsync();
        await AppendAsync(spool, 10);
        SpoolQueue queue = spool[SpoolLane.Live];
        await spool.DisposeAsync();
        Assert.Equal((queue.Tail, 0ul), (queue.Secured, queue.ItemsNotWritten));
        await AfterPowerCutAsync(queue.Tail, queue.Released, 10);
    }

    [Fact]
    public async Task Alarms_are_always_written()
    {
        await using Spool spool = await OpenHoldingAsync();
        Rig.Append(spool[SpoolLane.Alarm], 1);
        await spool[SpoolLane.Alarm].CommitAsync();
        spool[SpoolLane.Alarm].Release(1);
        Rig.Append(spool[SpoolLane.Alarm], 3);
        await spool[SpoolLane.Alarm].CommitAsync();
        await using Spool after = Rig.Open(_files.AfterPowerCut(), Rig.NextBoot);
        Assert.Equal(3, Rig.ReadAll(after[SpoolLane.Alarm], from: 2).Records.Count);
    }

    [Fact]
    public async Task A_record_that_must_be_written_is_not_seen_before_it_is()
    {
        await using Spool spool = await OpenHoldingAsync();
        SpoolQueue queue = spool[SpoolLane.Live];
        await AppendAsync(spool, 3);
        ulong must = queue.Append("again"u8, 1, mustBeWritten: true);
        _files.Before = (call, _) => Assert.True(queue.Committed < must || queue.Secured >= must, $"{must} may be sent at {call}.");
        await queue.CommitAsync();
        _files.Before = static (_, _) => { };
        Assert.Equal((must, must), (queue.Committed, queue.Secured));
    }

    [Fact]
    public async Task After_a_kill_no_number_that_memory_had_is_given_again_and_the_hole_is_told()
    {
        Spool spool = await OpenHoldingAsync();
        ulong written = spool[SpoolLane.Live].Secured;
        await AppendAsync(spool, 100);
        ulong sent = spool[SpoolLane.Live].Committed;

        await using Spool after = OpenOffline(_files.AfterKill());
        SpoolQueue queue = after[SpoolLane.Live];
        Assert.True(after.Recovery.MemoryLost);
        Assert.True(queue.Tail >= sent);
        Assert.Equal(written, queue.FoundAtOpen);
        // What the service had in time lies beyond what is on flash, and is not taken for another device's.
        Assert.Equal(ReleaseResult.Released, queue.Release(sent - 30));
        Rig.Append(queue, 1);
        await queue.CommitAsync();
        (List<ulong> records, List<SpoolGap> gaps) = Rig.ReadAll(queue);
        Assert.Equal([queue.Tail], records);
        Assert.Equal([new SpoolGap(sent - 29, queue.Tail - 1, 0, LossCause.Unwritten)], gaps);
        await spool.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task Either_slot_of_the_marks_alone_keeps_the_numbers_of_memory(int slot)
    {
        Spool spool = await OpenHoldingAsync();
        await AppendAsync(spool, 100);
        SimulatedFiles found = _files.AfterKill();
        found["marks"][slot + 100] ^= 1;
        await using Spool after = OpenOffline(found);
        Assert.True(after[SpoolLane.Live].Tail >= spool[SpoolLane.Live].Tail);
        Assert.False(after.Recovery.MarkLost);
        await spool.DisposeAsync();
    }

    [Fact]
    public async Task Without_marks_the_numbers_go_on_far_ahead()
    {
        Spool spool = await OpenHoldingAsync();
        spool.ReportUplink(isInTrouble: true);
        await AppendAsync(spool, 1);
        SimulatedFiles found = _files.AfterKill();
        found.Remove("marks");
        await using Spool after = OpenOffline(found);
        Assert.True(after.Recovery.MarkLost);
        Assert.Equal(spool.Id, after.Id);
        Assert.True(after[SpoolLane.Live].Tail > 1UL << 44);
        await spool.DisposeAsync();
    }

    [Fact]
    public async Task A_disk_that_fails_costs_nothing_while_memory_has_room_and_is_written_when_it_works_again()
    {
        await using Spool spool = await OpenHoldingAsync();
        SpoolQueue queue = spool[SpoolLane.Live];
        ulong first = queue.Tail + 1;
        await AppendAsync(spool, 10);
        _files.Before = static (call, _) =>
        {
            if (call is "write" or "sync")
            {
                throw new IOException("Input/output error", 5);
            }
        };
        spool.ReportUplink(isInTrouble: true);
        SpoolFullException? refused = null;
        while (refused is null)
        {
            // An attempt that began before may have taken it along.
            Rig.Append(queue, 1, Payload);
            refused = (SpoolFullException?)await Record.ExceptionAsync(async () => await queue.CommitAsync());
        }
        Assert.IsType<IOException>(refused.InnerException);
        // What memory has the cloud may have meanwhile.
        Assert.Equal(queue.Tail, queue.Committed);
        Assert.Equal((int)(queue.Tail + 1 - first), Rig.ReadAll(queue, bytes: Payload).Records.Count);
        Assert.Equal(SpoolState.Sound, spool.State);
        Assert.Throws<SpoolFullException>(() => Rig.Append(queue, 1000, Payload));
        Assert.InRange(spool.Statistics.HeldBytes, 256 * 1024, 512 * 1024);
        Assert.Equal(SpoolState.Full, spool.State);
        _files.Before = static (_, _) => { };
        Rig.Append(queue, 1, Payload);
        await queue.CommitAsync();
        Assert.Equal(queue.Tail, queue.Secured);
        await AfterPowerCutAsync(queue.Tail, first - 1, (int)(queue.Tail + 1 - first));
    }

    /// <summary>A spool whose first receipt has come in time.</summary>
    private async Task<Spool> OpenHoldingAsync()
    {
        Spool spool = OpenOffline(_files);
        await AppendAsync(spool, 1);
        Assert.Equal(1ul, spool[SpoolLane.Live].Secured);
        spool[SpoolLane.Live].Release(1);
        // The first one takes its numbers.
        await AppendAsync(spool, 1);
        Assert.Equal((2ul, 1ul), (spool[SpoolLane.Live].Committed, spool[SpoolLane.Live].Secured));
        spool[SpoolLane.Live].Release(2);
        return spool;
    }

    private Spool OpenOffline(SimulatedFiles files)
    {
        SpoolOptions options = Rig.Options();
        options.Durability = SpoolDurability.OfflineOnly;
        options.MemoryBytes = 512 * 1024;
        return Rig.Open(files, options: options, time: _time);
    }

    private static async Task AppendAsync(Spool spool, int count)
    {
        for (int i = 0; i < count; i++)
        {
            spool[SpoolLane.Live].PrepareAppend(Payload);
            Rig.Append(spool[SpoolLane.Live], 1, Payload);
        }
        await spool[SpoolLane.Live].CommitAsync();
    }

    private static Task WrittenAsync(Spool spool) => Eventually.TrueAsync(
        () => spool.Statistics.HeldBytes == 0, TimeSpan.FromSeconds(20), () => "memory is written", TimeSpan.FromMilliseconds(1));

    private async Task AfterPowerCutAsync(ulong tail, ulong released, int records)
    {
        await using Spool after = Rig.Open(_files.AfterPowerCut(), Rig.NextBoot);
        SpoolQueue queue = after[SpoolLane.Live];
        queue.Release(released);
        (List<ulong> found, List<SpoolGap> gaps) = Rig.ReadAll(queue, bytes: Payload);
        Assert.Equal(records, found.Count);
        Assert.Equal(tail, found[^1]);
        Assert.All(gaps, static gap => Assert.Equal(LossCause.Unwritten, gap.Cause));
    }
}
