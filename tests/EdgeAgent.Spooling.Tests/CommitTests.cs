using EdgeAgent.Testing;
using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class CommitTests
{
    private readonly SimulatedFiles _files = SimulatedFiles.Formatted();

    [Fact]
    public async Task Readers_never_see_what_is_not_committed()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        using SpoolReader reader = live.OpenReader(1);
        Append(live, 3);
        Assert.Equal(ReadResult.End, reader.Read(out _));
        await live.CommitAsync();
        Append(live, 3);
        for (ulong sequence = 1; sequence <= 3; sequence++)
        {
            Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
            Assert.Equal(sequence, record.Sequence);
        }
        Assert.Equal(ReadResult.End, reader.Read(out _));
        await live.CommitAsync();
        Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord fourth));
        Assert.True(fourth.Payload.Span.SequenceEqual(Payload(4)));
    }

    [Fact]
    public async Task All_who_ask_while_a_sync_is_on_its_way_share_the_next_one()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 1);
        using var syncing = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        _files.Before = (call, name) =>
        {
            if (call == "sync")
            {
                syncing.Release();
                goOn.Wait();
            }
        };
        int before = _files.Syncs;
        Task first = live.CommitAsync().AsTask();
        await syncing.WaitAsync();
        var joined = new List<Task>();
        for (int i = 0; i < 50; i++)
        {
            Append(live, 1);
            joined.Add(live.CommitAsync().AsTask());
        }
        Assert.False(first.IsCompleted);
        goOn.Release(2);
        await first;
        await Task.WhenAll(joined);
        Assert.Equal(2, _files.Syncs - before);
        Assert.Equal(51ul, live.Committed);
        _files.Before = static (_, _) => { };
    }

    [Fact]
    public async Task A_commit_with_nothing_to_commit_costs_no_sync()
    {
        await using Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 1);
        await spool[SpoolLane.Live].CommitAsync();
        int before = _files.Syncs;
        await spool[SpoolLane.Live].CommitAsync();
        Assert.Equal(before, _files.Syncs);
    }

    [Fact]
    public async Task What_nobody_commits_is_committed_when_the_window_is_over()
    {
        var time = new ManualTimeProvider();
        SpoolOptions options = Options();
        options.CommitWindow = TimeSpan.FromSeconds(60);
        await using Spool spool = Open(_files, options: options, time: time);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 2);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0ul, live.Committed);
        ValueTask<bool> committed = live.WaitForCommittedAsync(1);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await committed);
        Assert.Equal(2ul, live.Committed);
    }

    [Fact]
    public async Task A_zero_window_commits_every_append_without_being_asked()
    {
        SpoolOptions options = Options();
        options.CommitWindow = TimeSpan.Zero;
        await using Spool spool = Open(_files, options: options);
        Append(spool[SpoolLane.Live], 5);
        Assert.True(await spool[SpoolLane.Live].WaitForCommittedAsync(4));
    }

    [Fact]
    public async Task Waiting_ends_with_false_when_the_spool_is_closed()
    {
        Spool spool = Open(_files);
        ValueTask<bool> waiting = spool[SpoolLane.Live].WaitForCommittedAsync(0);
        await spool.DisposeAsync();
        Assert.False(await waiting);
    }

    [Fact]
    public async Task A_new_segment_commits_the_one_before_and_wakes_who_waits()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        ValueTask<bool> waiting = live.WaitForCommittedAsync(0);
        ulong epoch = live.PrepareAppend(100);
        while (live.PrepareAppend(100) == epoch)
        {
            Append(live, 1);
        }
        Assert.True(await waiting);
        Assert.Equal(live.Tail, live.Committed);
        Assert.Equal(live.Tail + 1, live.PrepareAppend(100));
    }

    [Fact]
    public async Task What_fits_as_prepared_goes_into_the_segment_that_was_named()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        var random = new Random(7);
        for (int i = 0; i < 300; i++)
        {
            int most = random.Next(1, 20_000);
            ulong named = live.PrepareAppend(most);
            live.Append(new byte[random.Next(1, most + 1)], 1);
            string newest = RecoveryTests.Segments(_files)[^1];
            Assert.True(Format.SegmentIdentity.TryParse(newest, out Format.SegmentIdentity identity));
            Assert.Equal(named, identity.First);
        }
    }

    [Fact]
    public async Task After_a_failed_sync_nothing_more_is_called_committed_and_the_next_start_is_sound()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 5);
        await live.CommitAsync();
        Append(live, 5);
        ValueTask<bool> waiting = live.WaitForCommittedAsync(5);
        _files.Before = static (call, name) =>
        {
            if (call == "sync")
            {
                throw new IOException("Input/output error");
            }
        };
        await Assert.ThrowsAsync<SpoolBrokenException>(async () => await live.CommitAsync());
        await Assert.ThrowsAsync<SpoolBrokenException>(async () => await waiting);
        _files.Before = static (_, _) => { };
        await Assert.ThrowsAsync<SpoolBrokenException>(async () => await live.CommitAsync());
        Assert.Throws<SpoolBrokenException>(() => live.Append("x"u8, 1));
        Assert.Equal(5ul, live.Committed);
        Assert.Equal(Range(1, 5), ReadAll(live).Records);
        await spool.DisposeAsync();

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(Range(1, 5), ReadAll(next[SpoolLane.Live]).Records);
    }

    [Fact]
    public async Task Appending_and_reading_allocate_nothing_per_record()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        byte[] payload = Payload(1);
        using SpoolReader reader = live.OpenReader(1);
        live.Append(payload, 1);
        await live.CommitAsync();
        Assert.Equal(ReadResult.Record, reader.Read(out _));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 500; i++)
        {
            live.Append(payload, 1);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        await live.CommitAsync();

        int read = 0;
        before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.Read(out _) == ReadResult.Record)
        {
            read++;
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(500, read);
    }
}
