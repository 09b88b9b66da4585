using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class RecoveryTests
{
    private const string FirstLive = "live-0000000000000001.segment";
    private readonly SimulatedFiles _files = SimulatedFiles.Formatted();

    [Fact]
    public async Task A_new_spool_starts_empty_at_sequence_1()
    {
        await using Spool spool = Open(_files);
        SpoolQueue live = spool[SpoolLane.Live];
        Assert.True(spool.Recovery.Created);
        Assert.Equal((0ul, 0ul, 0ul, 0ul), (live.Released, live.Sent, live.Committed, live.Tail));
        Assert.Equal(1ul, live.Append("x"u8, 1));
    }

    [Fact]
    public async Task What_was_committed_is_there_after_the_power_was_cut()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 5000);
        Append(spool[SpoolLane.Alarm], 3);
        await spool[SpoolLane.Live].CommitAsync();
        await spool[SpoolLane.Alarm].CommitAsync();

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(spool.Id, next.Id);
        Assert.Equal(Range(1, 5000), ReadAll(next[SpoolLane.Live]).Records);
        Assert.Equal(Range(1, 3), ReadAll(next[SpoolLane.Alarm]).Records);
        Assert.Equal(0ul, next.Recovery.CorruptRecords);
    }

    [Fact]
    public async Task What_was_not_committed_may_be_gone_and_its_sequences_are_given_again()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 10);
        await spool[SpoolLane.Live].CommitAsync();
        Append(spool[SpoolLane.Live], 10);

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(10ul, next[SpoolLane.Live].Tail);
        Assert.Equal(11ul, next[SpoolLane.Live].Append("x"u8, 1));
    }

    [Fact]
    public async Task A_clean_close_keeps_everything_appended_and_says_so()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 10);
        await spool.DisposeAsync();

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.True(next.Recovery.ClosedCleanly);
        Assert.Equal(Range(1, 10), ReadAll(next[SpoolLane.Live]).Records);
    }

    [Fact]
    public async Task A_torn_last_record_is_cut_at_whichever_byte_and_everything_before_it_survives()
    {
        SimulatedFiles whole = await FilledAsync(10);
        int end = EndOfRecords(whole, 10);
        for (int cut = end - 128; cut < end; cut++)
        {
            SimulatedFiles torn = whole.AfterKill();
            torn[FirstLive].AsSpan(cut, end - cut).Clear();

            // In the same boot no write can be lost: the record was never finished, its sequence is free.
            await using (Spool killed = Open(torn.AfterKill()))
            {
                Assert.Equal(9ul, killed[SpoolLane.Live].Tail);
                Assert.Equal(Range(1, 9), ReadAll(killed[SpoolLane.Live]).Records);
                Append(killed[SpoolLane.Live], 3);
                await killed[SpoolLane.Live].CommitAsync();
                Assert.Equal(Range(1, 12), ReadAll(killed[SpoolLane.Live]).Records);
            }

            // After a power cut half a record may be what is left of one that was sent: its sequence is not given again.
            await using Spool cold = Open(torn, NextBoot);
            bool anythingLeft = cut > end - 128;
            Assert.Equal(anythingLeft ? 1 : 0, cold.Recovery.TornEnds);
            Append(cold[SpoolLane.Live], 2);
            await cold[SpoolLane.Live].CommitAsync();
            (List<ulong> records, List<SpoolGap> gaps) = ReadAll(cold[SpoolLane.Live]);
            Assert.Equal(anythingLeft ? [.. Range(1, 9), 11, 12] : Range(1, 11), records);
            Assert.Equal(anythingLeft ? [new SpoolGap(10, 10, 0, LossCause.Corrupt)] : [], gaps);
        }
    }

    [Fact]
    public async Task A_burned_sequence_stays_burned_over_further_restarts()
    {
        SimulatedFiles files = await FilledAsync(10);
        files[FirstLive].AsSpan(EndOfRecords(files, 10) - 5, 5).Clear();
        await Open(files, NextBoot).DisposeAsync();
        await using Spool spool = Open(files, NextBoot);
        Assert.Equal(10ul, spool[SpoolLane.Live].Tail);
        Assert.Equal(new SpoolGap(10, 10, 0, LossCause.Corrupt), Assert.Single(ReadAll(spool[SpoolLane.Live]).Gaps));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_flipped_bit_costs_at_most_the_record_it_is_in_and_that_is_told(bool reopened)
    {
        SimulatedFiles files = await FilledAsync(12);
        int end = EndOfRecords(files, 12);
        for (int at = 0; at < end; at++)
        {
            SimulatedFiles damaged = files.AfterKill();
            Spool? running = reopened ? null : Open(damaged, NextBoot);
            damaged[FirstLive][at] ^= (byte)(1 << (at % 8));
            await using Spool spool = running ?? Open(damaged, NextBoot);
            (List<ulong> records, List<SpoolGap> gaps) = ReadAll(spool[SpoolLane.Live]);
            if (at < Format.SegmentHeader.Bytes)
            {
                Assert.Equal(Range(1, 12), records);
                Assert.Empty(gaps);
            }
            else
            {
                ulong hit = (ulong)((at - Format.SegmentHeader.Bytes) / 128) + 1;
                Assert.Equal([new SpoolGap(hit, hit, hit == 12 && reopened ? 0 : ItemsOf(hit), LossCause.Corrupt)], gaps);
                Assert.Equal(11, records.Count);
            }
        }
    }

    [Fact]
    public async Task A_committed_record_that_went_missing_while_the_spool_was_closed_is_counted_in_readings()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 10);
        await spool.DisposeAsync();
        int end = EndOfRecords(_files, 10);
        _files[FirstLive].AsSpan(end - 256, 256).Clear();

        await using Spool next = Open(_files, NextBoot);
        Assert.Equal(2ul, next.Recovery.CorruptRecords);
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(next[SpoolLane.Live]);
        Assert.Equal(Range(1, 8), records);
        Assert.Equal([new SpoolGap(9, 10, ItemsOf(9, 10), LossCause.Corrupt)], gaps);
        Assert.Equal(11ul, next[SpoolLane.Live].Append("x"u8, 1));
    }

    [Fact]
    public async Task A_damaged_header_costs_no_record()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 5000);
        await spool.DisposeAsync();
        foreach (string name in Segments(_files))
        {
            new Random(1).NextBytes(_files[name].AsSpan(0, Format.SegmentHeader.Bytes));
        }

        await using Spool next = Open(_files, NextBoot);
        Assert.Equal(Segments(_files).Length, next.Recovery.HeadersRebuilt);
        Assert.Equal(Range(1, 5000), ReadAll(next[SpoolLane.Live]).Records);
    }

    [Fact]
    public async Task A_segment_of_garbage_goes_to_quarantine_and_its_records_are_counted_as_corrupt()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 6000);
        await spool.DisposeAsync();
        string[] names = Segments(_files);
        Assert.True(names.Length >= 3);
        new Random(1).NextBytes(_files[names[1]]);

        await using Spool next = Open(_files, NextBoot);
        Assert.Equal(["quarantine/00000000-" + names[1]], next.Recovery.Quarantined);
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(next[SpoolLane.Live]);
        SpoolGap gap = Assert.Single(gaps);
        Assert.Equal(LossCause.Corrupt, gap.Cause);
        Assert.Equal(ItemsOf(gap.From, gap.To), gap.Items);
        Assert.Equal(6000, records.Count + (int)gap.Records);
    }

    [Fact]
    public async Task When_the_newest_segment_is_garbage_none_of_its_sequences_is_given_again()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 6000);
        await spool[SpoolLane.Live].CommitAsync();
        _files.Remove("marks");
        new Random(1).NextBytes(_files[Segments(_files)[^1]]);

        await using Spool next = Open(_files, NextBoot);
        Assert.True(next.Recovery.MarkLost);
        Assert.Equal(spool.Id, next.Id);
        Assert.True(next[SpoolLane.Live].Tail >= 6000);
        Append(next[SpoolLane.Live], 10);
        await next[SpoolLane.Live].CommitAsync();
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(next[SpoolLane.Live]);
        Assert.Equal(next[SpoolLane.Live].Tail, (ulong)records.Count + gaps.Aggregate(0ul, (sum, gap) => sum + gap.Records));
    }

    [Fact]
    public async Task Garbage_in_every_file_does_not_stop_the_start()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            SimulatedFiles files = await FilledAsync(4000);
            var random = new Random(seed);
            foreach (string name in files.Names.ToArray())
            {
                byte[] garbage = new byte[random.Next(files[name].Length + 1)];
                random.NextBytes(garbage);
                files[name] = garbage;
            }
            await using Spool spool = Open(files, NextBoot);
            Append(spool[SpoolLane.Live], 10);
            await spool[SpoolLane.Live].CommitAsync();
            Assert.Equal(10, ReadAll(spool[SpoolLane.Live]).Records.Count);
        }
    }

    [Fact]
    public async Task Without_the_marks_everything_on_disk_counts_as_unreleased()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 100);
        await spool[SpoolLane.Live].CommitAsync();
        spool[SpoolLane.Live].Release(60);
        await spool.DisposeAsync();
        _files.Remove("marks");

        await using Spool next = Open(_files, NextBoot);
        Assert.True(next.Recovery.MarkLost);
        Assert.Equal(0ul, next[SpoolLane.Live].Released);
        Assert.Equal(Range(1, 100), ReadAll(next[SpoolLane.Live]).Records);
    }

    [Fact]
    public async Task A_torn_mark_costs_the_newest_mark_only()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 100);
        await spool[SpoolLane.Live].CommitAsync();
        spool[SpoolLane.Live].Release(60);
        await spool.DisposeAsync();
        // Two were written: at the start into slot 1, at the end into slot 0.
        _files["marks"].AsSpan(30, 20).Fill(0xEE);

        await using Spool next = Open(_files, NextBoot);
        Assert.False(next.Recovery.MarkLost);
        Assert.Equal(spool.Id, next.Id);
        Assert.Equal(0ul, next[SpoolLane.Live].Released);
        Assert.Equal(100ul, next[SpoolLane.Live].Tail);
    }

    [Fact]
    public async Task Sequences_never_go_back_even_when_every_segment_is_gone()
    {
        Spool spool = Open(_files);
        Append(spool[SpoolLane.Live], 100);
        await spool[SpoolLane.Live].CommitAsync();
        spool[SpoolLane.Live].Release(100);
        await spool.DisposeAsync();
        foreach (string name in Segments(_files))
        {
            _files.Remove(name);
        }

        await using Spool next = Open(_files, NextBoot);
        Assert.Equal((100ul, 100ul), (next[SpoolLane.Live].Released, next[SpoolLane.Live].Tail));
        Assert.Equal(101ul, next[SpoolLane.Live].Append("x"u8, 1));
    }

    internal static string[] Segments(SimulatedFiles files) =>
        [.. files.Names.Where(name => name.StartsWith("live-", StringComparison.Ordinal))];

    /// <summary>Records of 128 bytes (100 of payload) in the live lane, committed, and the power cut.</summary>
    private static async Task<SimulatedFiles> FilledAsync(int records)
    {
        var files = new SimulatedFiles();
        Spool spool = Open(files);
        Append(spool[SpoolLane.Live], records);
        await spool[SpoolLane.Live].CommitAsync();
        return files.AfterPowerCut();
    }

    private static int EndOfRecords(SimulatedFiles files, int records)
    {
        int end = Format.SegmentHeader.Bytes + (records * 128);
        Assert.True(files[FirstLive].AsSpan(end - 1, 1)[0] != 0 || files[FirstLive].AsSpan(end - 8, 8).ContainsAnyExcept((byte)0));
        Assert.False(files[FirstLive].AsSpan(end, 100).ContainsAnyExcept((byte)0));
        return end;
    }
}
