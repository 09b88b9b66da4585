using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class ThinningTests
{
    private readonly SimulatedFiles _files = SimulatedFiles.Formatted();
    private readonly SummingThinner _thinner = new();

    [Fact]
    public async Task When_space_runs_out_the_oldest_records_become_fewer_and_every_reading_is_accounted_for()
    {
        Spool spool = OpenThinning();
        SpoolQueue live = spool[SpoolLane.Live];
        while (spool.Statistics.ThinnedSegments < 10)
        {
            Append(live, 50, 1000);
            Assert.InRange(spool.Statistics.BytesOnDisk, 0, 4 << 20);
        }
        await live.CommitAsync();
        Assert.Equal(0, spool.Statistics.EvictedRecords);
        Content content = Read(live);
        Assert.Equal(live.Tail, content.Raw + content.Summarised);
        Assert.Equal(ItemsOf(1, live.Tail), content.RawItems + content.GapItems);
        Assert.Equal((ulong)spool.Statistics.ThinnedItems, content.GapItems);
        Assert.All(content.Gaps, static gap => Assert.Equal(LossCause.Thinned, gap.Cause));

        foreach (SimulatedFiles after in (SimulatedFiles[])[_files.AfterPowerCut(), _files.AfterKill()])
        {
            await using Spool next = OpenThinning(after, NextBoot);
            Assert.Equal(content, Read(next[SpoolLane.Live]));
        }
    }

    [Fact]
    public async Task Raw_records_are_thinned_before_thinned_ones_are_thinned_again_and_only_then_is_anything_dropped()
    {
        var thinner = new SummingThinner(recordsAGroup: 2, padding: 600);
        await using Spool spool = OpenThinning(thinner: thinner);
        SpoolQueue live = spool[SpoolLane.Live];
        var levels = new List<int>();
        thinner.Before = run => levels.Add(run.Level);
        FillUntil(spool, static statistics => statistics.EvictedSegments > 0);
        int coarser = levels.IndexOf(2);
        Assert.True(coarser > 5, "Level 2 came too soon, or never.");
        Assert.All(levels.Take(coarser), static level => Assert.Equal(1, level));
        await live.CommitAsync();
        Content content = Read(live);
        Assert.Equal(ItemsOf(1, live.Tail), content.RawItems + content.GapItems);
        Assert.Contains(content.Gaps, static gap => gap.Cause == LossCause.Evicted);
    }

    [Fact]
    public async Task What_was_sent_and_what_a_reader_stands_in_is_never_thinned()
    {
        await using Spool spool = OpenThinning();
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 600, 1000);
        await live.CommitAsync();
        live.MarkSent(100);
        using SpoolReader reader = live.OpenReader(400);
        Assert.Equal(ReadResult.Record, reader.Read(out _));
        var firsts = new List<ulong>();
        _thinner.Before = run => firsts.Add(run.FirstSequence);
        FillUntil(spool, static statistics => statistics.ThinnedSegments >= 6);
        Assert.All(firsts, static first => Assert.True(first > 400));
        for (ulong sequence = 401; sequence <= 450; sequence++)
        {
            Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
            Assert.True(record.Payload.Span.SequenceEqual(Payload(sequence, 1000)));
        }
    }

    [Fact]
    public async Task After_a_start_what_may_have_been_sent_is_not_thinned_until_the_cloud_has_said_what_it_has()
    {
        Spool before = OpenThinning();
        Append(before[SpoolLane.Live], 3000, 1000);
        await before.DisposeAsync();

        await using Spool spool = OpenThinning(inFlight: 1_000_000);
        SpoolQueue live = spool[SpoolLane.Live];
        ulong first = 0;
        _thinner.Before = run => first = run.FirstSequence;
        FillUntil(spool, static statistics => statistics.ThinnedSegments >= 2);
        Assert.InRange(first, 970ul, 1300ul);

        live.Release(10);
        FillUntil(spool, static statistics => statistics.ThinnedSegments >= 4);
        Assert.InRange(first, 11ul, 300ul);
    }

    [Fact]
    public async Task A_reader_that_comes_while_a_stretch_is_being_thinned_finds_it_as_it_was()
    {
        await using Spool spool = OpenThinning();
        SpoolQueue live = spool[SpoolLane.Live];
        SpoolReader? reader = null;
        _thinner.Before = run =>
        {
            if (reader is null)
            {
                reader = live.OpenReader(run.FirstSequence);
                Assert.Equal(ReadResult.Record, reader.Read(out _));
            }
        };
        FillUntil(spool, static statistics => statistics.ThinnedSegments > 0);
        using SpoolReader waiting = reader!;
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(ReadResult.Record, waiting.Read(out SpoolRecord record));
            Assert.True(record.Payload.Span.SequenceEqual(Payload(record.Sequence, 1000)));
        }
    }

    [Fact]
    public async Task Looking_back_goes_on_in_what_has_taken_the_place_of_a_stretch()
    {
        await using Spool spool = OpenThinning();
        SpoolQueue live = spool[SpoolLane.Live];
        Append(live, 1000, 1000);
        await live.CommitAsync();
        using LookBack back = live.LookBack(1);
        for (ulong sequence = 1; sequence <= 100; sequence++)
        {
            Assert.True(back.TryRead(out SpoolRecord record));
            Assert.Equal(sequence, record.Sequence);
        }
        FillUntil(spool, static statistics => statistics.ThinnedSegments >= 4);
        var rest = new List<ulong>();
        while (back.TryRead(out SpoolRecord record))
        {
            Assert.True(SummingThinner.TryParse(record.Payload.Span, out _)
                || record.Payload.Span.SequenceEqual(Payload(record.Sequence, 1000)));
            rest.Add(record.Sequence);
        }
        Assert.All(rest, static sequence => Assert.True(sequence > 100));
        Assert.Equal(1000ul, rest[^1]);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("appends nothing")]
    [InlineData("does not read to the end")]
    [InlineData("appends more than fits")]
    public async Task A_thinner_that_fails_hurts_nothing_and_the_oldest_are_dropped_in_their_turn(string how)
    {
        await using Spool spool = OpenThinning(thinner: new FailingThinner(how));
        FillUntil(spool, static statistics => statistics.EvictedSegments >= 10);
        SpoolQueue live = spool[SpoolLane.Live];
        await live.CommitAsync();
        Assert.Equal(0, spool.Statistics.ThinnedSegments);
        Assert.InRange(spool.Statistics.RefusedThinnings, 10, 40);
        Content content = Read(live);
        Assert.Equal(LossCause.Evicted, Assert.Single(content.Gaps).Cause);
        Assert.Equal(ItemsOf(1, live.Tail), content.RawItems + content.GapItems);
    }

    [Fact]
    public async Task Losses_and_damage_in_a_stretch_keep_their_numbers_and_causes()
    {
        await using Spool spool = OpenThinning(inFlight: 0);
        SpoolQueue live = spool[SpoolLane.Live];
        ulong lost = live.AppendLoss(7, LossCause.DiskFull);
        Append(live, 300, 1000);
        ulong overflow = live.AppendLoss(9, LossCause.Overflow);
        Append(live, 300, 1000);
        await live.CommitAsync();
        byte[] first = _files["live-0000000000000002.segment"];
        first[Format.SegmentHeader.Bytes + (30 * 1028) + 500] ^= 1; // the 31st record, of sequence 32
        FillUntil(spool, static statistics => statistics.ThinnedSegments >= 10);
        await live.CommitAsync();

        using SpoolReader reader = live.OpenReader(1);
        var gaps = new List<SpoolGap>();
        while (reader.Read(out _) is var result && result != ReadResult.End)
        {
            if (result == ReadResult.Gap)
            {
                gaps.Add(reader.Gap);
            }
        }
        Assert.Contains(new SpoolGap(lost, lost, 7, LossCause.DiskFull), gaps);
        Assert.Contains(new SpoolGap(overflow, overflow, 9, LossCause.Overflow), gaps);
        Assert.Contains(new SpoolGap(32, 32, ItemsOf(32), LossCause.Corrupt), gaps);
        ulong thinned = gaps.Where(static gap => gap.Cause == LossCause.Thinned).Aggregate(0UL, static (sum, gap) => sum + gap.Items);
        Assert.Equal((ulong)spool.Statistics.ThinnedItems, thinned);
    }

    [Fact]
    public async Task A_release_into_a_thinned_segment_and_a_refusal_in_it_are_kept_over_restarts()
    {
        Spool spool = OpenThinning(inFlight: 0);
        SpoolQueue live = spool[SpoolLane.Live];
        FillUntil(spool, static statistics => statistics.ThinnedSegments >= 4);
        await live.CommitAsync();
        Assert.True(live.Refuse(3));
        live.Release(1);
        List<SpoolGap> gaps = Gaps(live);
        Assert.Equal(new SpoolGap(3, 3, 0, LossCause.Refused), gaps[0]);
        Assert.Equal(LossCause.Thinned, gaps[1].Cause);
        foreach (SimulatedFiles after in (SimulatedFiles[])[_files.AfterPowerCut(), _files.AfterKill()])
        {
            await using Spool next = OpenThinning(after, NextBoot);
            Assert.Equal(gaps, Gaps(next[SpoolLane.Live]));
        }
    }

    [Fact]
    public async Task Without_the_ledger_what_was_thinned_is_told_from_the_segment_itself()
    {
        Spool spool = OpenThinning();
        FillUntil(spool, static statistics => statistics.ThinnedSegments >= 6);
        Content content = Read(spool[SpoolLane.Live]);
        await spool.DisposeAsync();
        _files.Remove("ledger");
        await using Spool next = OpenThinning();
        Content after = Read(next[SpoolLane.Live]);
        Assert.Equal(content.Gaps, after.Gaps);
    }

    [Fact]
    public async Task A_power_cut_at_each_call_of_a_thinning_leaves_the_old_or_the_new_and_the_sum_is_right()
    {
        for (int cut = 0; ; cut++)
        {
            SimulatedFiles files = SimulatedFiles.Formatted();
            Spool spool = OpenSmall(files, Boot);
            SpoolQueue live = spool[SpoolLane.Live];
            int calls = -1;
            ulong committed = 0;
            var after = new List<SimulatedFiles>();
            _thinner.Before = _ =>
            {
                live.CommitAsync().AsTask().Wait();
                calls = 0;
                committed = after.Count == 0 ? live.Committed : committed;
            };
            files.Before = (call, _) =>
            {
                if (call != "read" && calls >= 0 && spool.Statistics.ThinnedSegments == 0 && calls++ == cut)
                {
                    after.AddRange([files.AfterPowerCut(), files.AfterKill()]);
                    after.AddRange(Enumerable.Range(0, 4).Select(seed => files.AfterPowerCut(new Random(seed))));
                }
            };
            FillUntil(spool, static statistics => statistics.ThinnedSegments > 0);
            _thinner.Before = static _ => { };
            files.Before = static (_, _) => { };
            if (after.Count == 0)
            {
                Assert.True(cut > 5);
                return;
            }
            foreach (SimulatedFiles found in after)
            {
                await using Spool next = OpenSmall(found, NextBoot);
                Content content = Read(next[SpoolLane.Live]);
                Assert.True(content.Raw + content.Summarised >= committed);
                Assert.Equal(ItemsOf(1, next[SpoolLane.Live].Committed), content.RawItems + content.GapItems);
                Assert.All(content.Gaps, static gap => Assert.Equal(LossCause.Thinned, gap.Cause));
                // What is left over is used again.
                FillUntil(next, static statistics => statistics.ThinnedSegments > 0);
                Assert.InRange(next.Statistics.BytesOnDisk, 0, SmallOptions().MaximumBytes);
            }
        }
    }

    private Spool OpenSmall(SimulatedFiles files, Guid boot)
    {
        SpoolOptions options = SmallOptions();
        options.Thinner = _thinner;
        options.MaximumInFlightBytes = 0;
        return Rig.Open(files, boot, options);
    }

    private static void FillUntil(Spool spool, Func<SpoolStatistics, bool> enough)
    {
        for (int i = 0; !enough(spool.Statistics); i++)
        {
            Assert.True(i < 100_000, "This will never be enough.");
            Append(spool[SpoolLane.Live], 50, 1000);
        }
    }

    private static List<SpoolGap> Gaps(SpoolQueue queue)
    {
        using SpoolReader reader = queue.OpenReader(1);
        var gaps = new List<SpoolGap>();
        while (reader.Read(out _) is var result && result != ReadResult.End)
        {
            if (result == ReadResult.Gap)
            {
                gaps.Add(reader.Gap);
            }
        }
        return gaps;
    }

    private Spool OpenThinning(SimulatedFiles? files = null, Guid? boot = null, long inFlight = 300_000, ISpoolThinner? thinner = null)
    {
        SpoolOptions options = Options();
        options.Thinner = thinner ?? _thinner;
        options.MaximumInFlightBytes = inFlight;
        return Rig.Open(files ?? _files, boot, options);
    }

    /// <summary>Reads everything and asserts that each record was appended, or summarised once.</summary>
    private static Content Read(SpoolQueue queue)
    {
        var content = new Content(0, 0, 0, 0, []);
        ulong expected = queue.Released + 1;
        ulong next = expected; // the raw record that comes next, as itself or in a summary
        bool dropped = false; // summaries, whose gap follows
        using SpoolReader reader = queue.OpenReader(expected);
        while (reader.Read(out SpoolRecord record) is var result && result != ReadResult.End)
        {
            if (result == ReadResult.Gap)
            {
                Assert.Equal(expected, reader.Gap.From);
                content.Gaps.Add(reader.Gap);
                content = content with { GapItems = content.GapItems + reader.Gap.Items };
                expected = reader.Gap.To + 1;
                next = reader.Gap.Cause == LossCause.Thinned && !dropped ? next : expected;
                dropped = reader.Gap.Cause == LossCause.Evicted;
                continue;
            }
            dropped = false;
            Assert.Equal(expected++, record.Sequence);
            if (SummingThinner.TryParse(record.Payload.Span, out SummingThinner.Summary summary))
            {
                Assert.Equal(next, summary.First);
                next = summary.Last + 1;
                Assert.Equal(next - summary.First, summary.Records);
                Assert.Equal((summary.First + summary.Last) * summary.Records / 2, summary.Numbers);
                content = content with { Summarised = content.Summarised + summary.Records };
            }
            else
            {
                Assert.Equal(next++, record.Sequence);
                Assert.True(record.Payload.Span.SequenceEqual(Payload(record.Sequence, record.Payload.Length)));
                Assert.Equal(ItemsOf(record.Sequence), record.Items);
                content = content with { Raw = content.Raw + 1, RawItems = content.RawItems + record.Items };
            }
        }
        Assert.Equal(queue.Committed + 1, expected);
        return content;
    }

    /// <summary>What a lane holds.</summary>
    private sealed record Content(ulong Raw, ulong RawItems, ulong Summarised, ulong GapItems, List<SpoolGap> Gaps)
    {
        public bool Equals(Content? other) => other is not null
            && (Raw, RawItems, Summarised, GapItems) == (other.Raw, other.RawItems, other.Summarised, other.GapItems)
            && Gaps.SequenceEqual(other.Gaps);

        public override int GetHashCode() => HashCode.Combine(Raw, RawItems, Summarised, GapItems);
    }

    private sealed class FailingThinner(string how) : ISpoolThinner
    {
        public int Levels => 1;

        public void Thin(ThinningRun run)
        {
            int read = 0;
            while (run.TryRead(out SpoolRecord record))
            {
                if (how == "throws" && ++read == 10)
                {
                    throw new InvalidDataException("This payload makes no sense.");
                }
                if (how == "appends more than fits" && !(run.TryAppend(record.Payload.Span, record.Items) && run.TryAppend(new byte[2000], 0)))
                {
                    return;
                }
                if (how == "does not read to the end")
                {
                    run.TryAppend("x"u8, 0);
                    return;
                }
            }
        }
    }
}
