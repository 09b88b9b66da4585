using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class ReleaseTests
{
    private readonly SimulatedFiles _files = SimulatedFiles.Formatted();

    [Fact]
    public async Task Release_frees_whole_segments_and_their_files_are_used_again()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        int mostFiles = 0;
        for (int round = 0; round < 40; round++)
        {
            Append(live, 1000);
            await live.CommitAsync();
            Assert.Equal(ReleaseResult.Released, live.Release(live.Committed));
            mostFiles = Math.Max(mostFiles, _files.Names.Count(name => name.EndsWith(".segment", StringComparison.Ordinal)));
        }
        Assert.Equal(2, mostFiles);
        Assert.Equal(0, live.BacklogBytes);
    }

    [Fact]
    public async Task A_reused_file_never_gives_back_records_of_its_earlier_life()
    {
        SimulatedFiles files = _files;
        for (int restart = 0; restart < 12; restart++)
        {
            Spool spool = Open(files, Guid.NewGuid());
            SpoolQueue live = spool[SpoolLane.Live];
            Append(live, 1500);
            await live.CommitAsync();
            live.Release(live.Committed);
            Append(live, 700);
            Append(spool[SpoolLane.Alarm], 700 + (restart * 100));
            await live.CommitAsync();
            await spool[SpoolLane.Alarm].CommitAsync();
            ulong tail = live.Tail;
            spool[SpoolLane.Alarm].Release(spool[SpoolLane.Alarm].Committed);
            files = files.AfterPowerCut();
            await using Spool next = Open(files, Guid.NewGuid());
            Assert.Equal(tail, next[SpoolLane.Live].Tail);
            (List<ulong> records, List<SpoolGap> gaps) = ReadAll(next[SpoolLane.Live]);
            Assert.Empty(gaps);
            Assert.Equal(tail, records[^1]);
            Assert.Equal(0ul, next.Recovery.CorruptRecords);
            next[SpoolLane.Live].Release(tail);
        }
    }

    [Fact]
    public async Task The_mark_on_disk_may_lag_and_never_leads()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 6000);
        await live.CommitAsync();
        for (ulong through = 1; through <= 6000; through += 500)
        {
            live.Release(through);
            await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
            Assert.InRange(next[SpoolLane.Live].Released, 0ul, through);
            (List<ulong> records, List<SpoolGap> gaps) = ReadAll(next[SpoolLane.Live]);
            Assert.Empty(gaps);
            Assert.Equal(6000ul, records[^1]);
        }
    }

    [Fact]
    public async Task Release_past_what_is_committed_changes_nothing_and_says_so()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 3);
        Assert.Equal(ReleaseResult.AheadOfSpool, live.Release(3));
        await live.CommitAsync();
        Assert.Equal(ReleaseResult.AheadOfSpool, live.Release(4));
        Assert.Equal(0ul, live.Released);
        Assert.Equal(ReleaseResult.Released, live.Release(3));
        Assert.Equal(ReleaseResult.AlreadyReleased, live.Release(2));
    }

    [Fact]
    public async Task The_watermarks_keep_their_order()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 10);
        live.MarkSent(5);
        Assert.Equal(0ul, live.Sent);
        await live.CommitAsync();
        live.MarkSent(5);
        live.MarkSent(3);
        Assert.Equal(5ul, live.Sent);
        live.Release(8);
        Assert.Equal((8ul, 8ul, 10ul, 10ul), (live.Released, live.Sent, live.Committed, live.Tail));
    }

    [Fact]
    public async Task A_reader_that_was_overtaken_by_release_goes_on_behind_it()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 6000);
        await live.CommitAsync();
        using SpoolReader reader = live.OpenReader(1);
        Assert.Equal(ReadResult.Record, reader.Read(out _));
        live.Release(5000);
        Append(live, 3000);
        await live.CommitAsync();
        Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
        Assert.Equal(5001ul, record.Sequence);
        Assert.True(record.Payload.Span.SequenceEqual(Payload(5001)));
    }

    [Fact]
    public async Task A_reader_can_go_back_and_forward()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 6000);
        await live.CommitAsync();
        using SpoolReader reader = live.OpenReader(1);
        foreach (ulong sequence in (ReadOnlySpan<ulong>)[3000, 1, 6000, 2999, 3000, 3002])
        {
            reader.Seek(sequence);
            Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
            Assert.Equal(sequence, record.Sequence);
            Assert.True(record.Payload.Span.SequenceEqual(Payload(sequence)));
        }
    }

    [Fact]
    public async Task Backlog_is_exact_when_drained_and_close_in_between()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 6000);
        await live.CommitAsync();
        Assert.Equal(600_000, live.BacklogBytes);
        live.Release(4500);
        Assert.InRange(live.BacklogBytes, 149_000, 151_000);
        live.Release(6000);
        Assert.Equal(0, live.BacklogBytes);
    }
}
