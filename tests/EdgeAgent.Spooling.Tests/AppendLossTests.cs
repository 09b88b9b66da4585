using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class AppendLossTests
{
    private readonly SimulatedFiles _files = SimulatedFiles.Formatted();

    [Fact]
    public async Task A_loss_without_a_record_is_told_in_its_place_over_a_power_cut()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 10);
        Assert.Equal(11ul, live.AppendLoss(500, LossCause.DiskFull));
        Append(live, 10);
        Assert.Equal(0ul, live.Committed);
        await live.CommitAsync();
        Assert.Equal(21ul, live.Committed);
        SpoolGap[] expected = [new SpoolGap(11, 11, 500, LossCause.DiskFull)];
        Assert.Equal(expected, ReadAll(live).Gaps);

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(21ul, next[SpoolLane.Live].Tail);
        Assert.Equal(0ul, next.Recovery.CorruptRecords);
        Assert.Equal(expected, ReadAll(next[SpoolLane.Live]).Gaps);
    }

    [Fact]
    public async Task Losses_of_one_cause_in_a_row_are_one_gap_and_of_two_causes_two()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        live.AppendLoss(1, LossCause.Overflow);
        live.AppendLoss(2, LossCause.Overflow);
        await live.CommitAsync();
        live.AppendLoss(3, LossCause.Overflow);
        live.AppendLoss(4, LossCause.DiskFull);
        await live.CommitAsync();
        Assert.Equal(
            [new SpoolGap(1, 3, 6, LossCause.Overflow), new SpoolGap(4, 4, 4, LossCause.DiskFull)], ReadAll(live).Gaps);
    }

    [Fact]
    public async Task The_last_losses_before_a_power_cut_keep_their_sequences_and_what_was_not_committed_gives_them_back()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 3);
        live.AppendLoss(5, LossCause.Overflow);
        await live.CommitAsync();
        live.AppendLoss(6, LossCause.Overflow);

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(4ul, next[SpoolLane.Live].Tail);
        Append(next[SpoolLane.Live], 3);
        await next[SpoolLane.Live].CommitAsync();
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(next[SpoolLane.Live]);
        Assert.Equal([1, 2, 3, 5, 6, 7], records);
        Assert.Equal([new SpoolGap(4, 4, 5, LossCause.Overflow)], gaps);
    }

    [Fact]
    public async Task A_loss_needs_no_room()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        _files.AvailableBytes = 0;
        Assert.Throws<SpoolFullException>(() => live.Append("x"u8, 1));
        live.AppendLoss(1, LossCause.DiskFull);
        await live.CommitAsync();
        Assert.Equal([new SpoolGap(1, 1, 1, LossCause.DiskFull)], ReadAll(live).Gaps);
    }

    [Fact]
    public async Task A_corrupt_record_next_to_a_loss_is_counted_apart_from_it_also_when_their_segment_is_dropped()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 5);
        live.AppendLoss(1000, LossCause.Overflow);
        Append(live, 5);
        await live.CommitAsync();
        _files["live-0000000000000001.segment"][Format.SegmentHeader.Bytes + (4 * 128) + 60] ^= 1; // sequence 5
        _files["live-0000000000000001.segment"][Format.SegmentHeader.Bytes + (5 * 128) + 60] ^= 1; // sequence 7
        List<SpoolGap> gaps = ReadAll(live).Gaps;
        Assert.Equal([LossCause.Corrupt, LossCause.Overflow, LossCause.Corrupt], gaps.Select(static gap => gap.Cause));
        Assert.Equal(1000ul, gaps[1].Items);
        Assert.Equal(ItemsOf(5) + ItemsOf(7), gaps[0].Items + gaps[2].Items);

        while (spool.Statistics.EvictedSegments == 0)
        {
            Append(live, 100);
        }
        await live.CommitAsync();
        gaps = ReadAll(live).Gaps;
        ulong through = gaps[^1].To;
        Assert.Equal(ItemsOf(1, through) - ItemsOf(6) + 1000, gaps.Aggregate(0UL, static (sum, gap) => sum + gap.Items));
        Assert.Equal((long)(ItemsOf(1, through) - ItemsOf(6)), spool.Statistics.EvictedItems);
    }

    [Fact]
    public async Task Losses_that_nothing_commits_are_bounded_in_memory()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Assert.Throws<SpoolFullException>(() =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                live.AppendLoss(1, i % 2 == 0 ? LossCause.Overflow : LossCause.DiskFull);
            }
        });
        await live.CommitAsync();
        Assert.Equal(live.Tail, ReadAll(live).Gaps.Aggregate(0UL, static (sum, gap) => sum + gap.Items));
        live.AppendLoss(1, LossCause.Overflow);
    }
}
