using EdgeAgent.Spooling.Files;
using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class LossTests
{
    private readonly SimulatedFiles _files = SimulatedFiles.Formatted();

    [Fact]
    public async Task At_the_cap_the_oldest_segment_gives_way_and_every_record_is_told_as_kept_or_lost()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        while (spool.Statistics.EvictedSegments < 7)
        {
            Append(live, 100);
            Assert.InRange(spool.Statistics.BytesOnDisk, 0, 4 << 20);
        }
        await live.CommitAsync();
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(live);
        SpoolGap gap = Assert.Single(gaps);
        Assert.Equal(new SpoolGap(1, records[0] - 1, ItemsOf(1, records[0] - 1), LossCause.Evicted), gap);
        Assert.Equal((long)gap.Records, spool.Statistics.EvictedRecords);
        Assert.Equal((long)gap.Items, spool.Statistics.EvictedItems);

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        (List<ulong> recordsAfter, List<SpoolGap> gapsAfter) = ReadAll(next[SpoolLane.Live]);
        Assert.Equal(records, recordsAfter);
        Assert.Equal(gaps, gapsAfter);
    }

    [Fact]
    public async Task A_gap_that_was_told_keeps_its_size_and_what_is_lost_later_is_another_one()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        using SpoolReader reader = live.OpenReader(1);
        FillUntilEvicted(spool, 2);
        Assert.Equal(ReadResult.Gap, reader.Read(out _));
        SpoolGap first = reader.Gap;
        FillUntilEvicted(spool, 5);
        Assert.Equal(ReadResult.Gap, reader.Read(out _));
        SpoolGap second = reader.Gap;
        Assert.Equal(first.To + 1, second.From);
        Assert.Equal(ItemsOf(first.From, first.To), first.Items);
        Assert.Equal(ItemsOf(second.From, second.To), second.Items);
        Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
        Assert.Equal(second.To + 1, record.Sequence);
    }

    [Fact]
    public async Task A_reader_in_the_middle_of_a_segment_that_is_dropped_finds_the_gap()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 100);
        await live.CommitAsync();
        using SpoolReader reader = live.OpenReader(1);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(ReadResult.Record, reader.Read(out _));
        }
        FillUntilEvicted(spool, 1);
        Assert.Equal(ReadResult.Gap, reader.Read(out _));
        Assert.Equal(51ul, reader.Gap.From);
        Assert.Equal(LossCause.Evicted, reader.Gap.Cause);
    }

    [Fact]
    public async Task What_was_released_of_a_dropped_segment_is_not_counted_as_lost()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 100);
        await live.CommitAsync();
        live.Release(60);
        FillUntilEvicted(spool, 1);
        SpoolGap gap = ReadAll(live).Gaps.Single();
        Assert.Equal(61ul, gap.From);
        Assert.Equal(ItemsOf(61, gap.To), gap.Items);

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(gap, ReadAll(next[SpoolLane.Live]).Gaps.Single());
    }

    [Fact]
    public async Task Alarms_give_way_to_alarms_only()
    {
        await using Spool spool = Open(_files);
        SpoolQueue alarm = spool[SpoolLane.Alarm];
        Append(alarm, 5000);
        await alarm.CommitAsync();
        FillUntilEvicted(spool, 30);
        Assert.Equal(Range(1, 5000), ReadAll(alarm).Records);
        Assert.Empty(ReadAll(alarm).Gaps);
        // Alarms take the live lane's segments, all but the newest, before their own oldest goes.
        while (spool[SpoolLane.Alarm].Tail < 40_000)
        {
            Append(alarm, 100);
        }
        await alarm.CommitAsync();
        await spool[SpoolLane.Live].CommitAsync();
        Assert.NotEmpty(ReadAll(spool[SpoolLane.Live]).Records);
        Assert.Equal(LossCause.Evicted, Assert.Single(ReadAll(alarm).Gaps).Cause);
        // And even then live data can be appended.
        Append(spool[SpoolLane.Live], 5000);
    }

    [Fact]
    public async Task A_refused_record_is_a_gap_of_its_own_over_restarts_and_evictions()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 200);
        await live.CommitAsync();
        Assert.True(live.Refuse(77));
        Assert.False(live.Refuse(77));
        Assert.False(live.Refuse(201));
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(live);
        Assert.Equal([.. Range(1, 76), .. Range(78, 200)], records);
        Assert.Equal([new SpoolGap(77, 77, ItemsOf(77), LossCause.Refused)], gaps);
        Assert.Equal("00000000-live-000000000000004d.refused", Assert.Single(_files.List("quarantine")));

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(gaps, ReadAll(next[SpoolLane.Live]).Gaps);
        FillUntilEvicted(next, 1);
        List<SpoolGap> after = ReadAll(next[SpoolLane.Live]).Gaps;
        Assert.Equal([LossCause.Evicted, LossCause.Refused, LossCause.Evicted], after.Select(gap => gap.Cause));
        Assert.Equal(new SpoolGap(1, 76, ItemsOf(1, 76), LossCause.Evicted), after[0]);
        Assert.Equal(gaps[0], after[1]);
        Assert.Equal(ItemsOf(78, after[2].To), after[2].Items);
    }

    [Fact]
    public async Task Losses_that_the_cloud_knows_are_forgotten()
    {
        Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        FillUntilEvicted(spool, 3);
        await live.CommitAsync();
        ulong lost = ReadAll(live).Gaps.Single().To;
        Assert.Equal(ReleaseResult.Released, live.Release(lost));
        Assert.Empty(ReadAll(live).Gaps);
        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(lost, next[SpoolLane.Live].Released);
        Assert.Empty(ReadAll(next[SpoolLane.Live]).Gaps);
    }

    [Fact]
    public async Task On_a_full_disk_old_segments_are_used_again_and_a_lane_without_any_says_so()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 4000);
        _files.Before = static (call, name) =>
        {
            if (call == "write" && name.StartsWith("spare-", StringComparison.Ordinal))
            {
                throw new DiskFullException();
            }
        };
        Append(live, 4000);
        Assert.True(spool.Statistics.EvictedSegments > 0);
        Assert.True(live.Tail == 8000);
        // The alarm lane has nothing to give. It takes the live lane's older segment.
        Append(spool[SpoolLane.Alarm], 1);
        await spool[SpoolLane.Alarm].CommitAsync();
        _files.Before = static (_, _) => { };
    }

    [Fact]
    public async Task An_append_that_finds_no_room_changes_nothing_and_succeeds_when_there_is_some()
    {
        await using Spool spool = Open(_files);
        _files.AvailableBytes = 100_000;
        Assert.Throws<SpoolFullException>(() => spool[SpoolLane.Live].PrepareAppend(100));
        Assert.Throws<SpoolFullException>(() => spool[SpoolLane.Live].Append("x"u8, 1));
        Assert.Equal(0ul, spool[SpoolLane.Live].Tail);
        _files.AvailableBytes = long.MaxValue / 2;
        Append(spool[SpoolLane.Live], 1);
        await spool[SpoolLane.Live].CommitAsync();
        Assert.Equal([1ul], ReadAll(spool[SpoolLane.Live]).Records);
    }

    [Fact]
    public async Task Below_the_free_space_floor_the_spool_does_not_grow_and_gives_spares_back()
    {
        SpoolOptions options = Options();
        options.FreeSpaceFloor = 1 << 20;
        await using Spool spool = Open(_files, options: options);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 12_000);
        await live.CommitAsync();
        live.Release(live.Committed);
        long before = spool.Statistics.BytesOnDisk;
        _files.AvailableBytes = 1000;
        Append(live, 4000);
        Assert.True(spool.Statistics.BytesOnDisk < before);
        long low = spool.Statistics.BytesOnDisk;
        Append(live, 20_000);
        Assert.True(spool.Statistics.BytesOnDisk <= low);
        Assert.True(spool.Statistics.EvictedRecords > 0);
    }

    [Fact]
    public async Task A_lower_cap_takes_effect_at_the_next_start()
    {
        Spool spool = Open(_files, options: Options(8 << 20));
        Append(spool[SpoolLane.Live], 50_000);
        await spool.DisposeAsync();
        await using Spool next = Open(_files, options: Options(4 << 20));
        Assert.InRange(next.Statistics.BytesOnDisk, 0, 4 << 20);
        Assert.Equal(50_000, ReadAll(next[SpoolLane.Live]) is var (records, gaps) ? records.Count + (long)gaps.Single().Records : 0);
    }

    [Fact]
    public async Task A_reader_that_goes_back_to_a_refused_record_finds_everything_behind_it()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 100);
        await live.CommitAsync();
        using SpoolReader reader = live.OpenReader(1);
        ReadThrough(reader, 90);
        Assert.True(live.Refuse(50));

        reader.Seek(50);

        Assert.Equal(ReadResult.Gap, reader.Read(out _));
        Assert.Equal(new SpoolGap(50, 50, ItemsOf(50), LossCause.Refused), reader.Gap);
        ReadThrough(reader, 100, from: 51);
    }

    [Fact]
    public async Task Neighbours_that_are_refused_one_after_the_other_are_both_told_by_a_reader_that_is_sent_there()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 100);
        await live.CommitAsync();
        using SpoolReader reader = live.OpenReader(1);
        ReadThrough(reader, 40);
        foreach (ulong refused in (ReadOnlySpan<ulong>)[50, 51])
        {
            Assert.True(live.Refuse(refused));
            using SpoolReader other = live.OpenReader(50);
            Assert.Equal(ReadResult.Gap, other.Read(out _));
        }

        reader.Seek(50);
        Assert.Equal(ReadResult.Gap, reader.Read(out _));
        Assert.Equal(50ul, reader.Gap.To);
        Assert.Equal(ReadResult.Gap, reader.Read(out _));
        Assert.Equal((51ul, 51ul), (reader.Gap.From, reader.Gap.To));
        ReadThrough(reader, 100, from: 52);
    }

    [Fact]
    public async Task A_reader_that_goes_back_to_a_file_that_is_gone_finds_everything_behind_it()
    {
        Spool before = Open(_files);
        Append(before[SpoolLane.Live], 6000);
        await before.DisposeAsync();
        string[] names = RecoveryTests.Segments(_files);
        _files.Remove(names[0]);
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        using SpoolReader reader = live.OpenReader(1);
        Assert.Equal(ReadResult.Gap, reader.Read(out _));
        SpoolGap gone = reader.Gap;
        ReadThrough(reader, gone.To + 20, from: gone.To + 1);

        reader.Seek(1);

        Assert.Equal(ReadResult.Gap, reader.Read(out _));
        Assert.Equal(gone, reader.Gap);
        ReadThrough(reader, 6000, from: gone.To + 1);
    }

    private static void ReadThrough(SpoolReader reader, ulong through, ulong from = 1)
    {
        for (ulong sequence = from; sequence <= through; sequence++)
        {
            Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
            Assert.Equal(sequence, record.Sequence);
            Assert.True(record.Payload.Span.SequenceEqual(Payload(sequence)));
        }
    }

    private static void FillUntilEvicted(Spool spool, long segments)
    {
        while (spool.Statistics.EvictedSegments < segments)
        {
            Append(spool[SpoolLane.Live], 100);
        }
    }
}
