using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class LookBackTests
{
    private readonly SimulatedFiles _files = SimulatedFiles.Formatted();

    [Fact]
    public async Task Released_records_can_be_read_as_long_as_their_segment_is_there()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 100);
        await live.CommitAsync();
        live.Release(60);

        Assert.Equal(Range(1, 100), Find(live, 1));
        Assert.Equal(Range(30, 100), Find(live, 30));
        Assert.Equal(Range(61, 100), ReadAll(live).Records);
    }

    [Fact]
    public async Task The_next_owner_of_the_spool_can_read_them_too()
    {
        Spool before = Open(_files);
        Append(before[SpoolLane.Live], 100);
        await before[SpoolLane.Live].CommitAsync();
        before[SpoolLane.Live].Release(60);
        await before.DisposeAsync();

        await using Spool spool = Open(_files.AfterPowerCut(), NextBoot);

        Assert.Equal(60ul, spool[SpoolLane.Live].Released);
        Assert.Equal(Range(1, 100), Find(spool[SpoolLane.Live], 1));
    }

    [Fact]
    public async Task Where_the_segment_was_freed_the_oldest_one_that_is_there_comes_first()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 6000);
        await live.CommitAsync();
        live.Release(3000);
        ulong oldest = ulong.Parse(RecoveryTests.Segments(_files)[0].AsSpan(5, 16), System.Globalization.NumberStyles.HexNumber, null);
        Assert.InRange(oldest, 2ul, 3000ul);

        Assert.Equal(Range(oldest, 6000), Find(live, 1));
    }

    [Fact]
    public async Task A_record_that_was_set_aside_can_still_be_read_for_what_it_explains()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 10);
        await live.CommitAsync();
        Assert.True(live.Refuse(4));

        Assert.Equal(Range(1, 10), Find(live, 1));
        Assert.Equal([.. Range(1, 3), .. Range(5, 10)], ReadAll(live).Records);
    }

    [Fact]
    public async Task What_is_damaged_is_passed_over()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 10);
        await live.CommitAsync();
        _files[RecoveryTests.Segments(_files)[0]][Format.SegmentHeader.Bytes + (3 * 128) + 60] ^= 1;

        Assert.Equal([.. Range(1, 3), .. Range(5, 10)], Find(live, 1));
    }

    [Fact]
    public async Task What_is_not_committed_when_it_begins_is_not_seen()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 10);
        await live.CommitAsync();
        using LookBack back = live.LookBack(10);
        Append(live, 10);
        await live.CommitAsync();

        Assert.True(back.TryRead(out SpoolRecord record));
        Assert.Equal(10ul, record.Sequence);
        Assert.False(back.TryRead(out _));
        Append(live, 1);
        Assert.Equal(Range(1, 20), Find(live, 1));
    }

    [Fact]
    public async Task A_segment_that_is_freed_under_it_is_left_for_the_next_one()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 6000);
        await live.CommitAsync();
        using LookBack back = live.LookBack(1);
        Assert.True(back.TryRead(out _));
        live.Release(3000);
        // The freed file gets other records.
        Append(live, 3000);

        Assert.True(back.TryRead(out SpoolRecord record));

        Assert.InRange(record.Sequence, 1000ul, 3000ul);
        Assert.True(record.Payload.Span.SequenceEqual(Payload(record.Sequence)));
    }

    [Fact]
    public async Task An_empty_lane_has_nothing_to_look_back_to()
    {
        await using Spool spool = Open(_files);

        Assert.Empty(Find(spool[SpoolLane.Live], 1));
    }

    private static List<ulong> Find(SpoolQueue queue, ulong from)
    {
        using LookBack back = queue.LookBack(from);
        var found = new List<ulong>();
        while (back.TryRead(out SpoolRecord record))
        {
            Assert.Equal(ItemsOf(record.Sequence), record.Items);
            Assert.True(record.Payload.Span.SequenceEqual(Payload(record.Sequence)));
            found.Add(record.Sequence);
        }
        return found;
    }
}
