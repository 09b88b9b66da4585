using EdgeAgent.Spooling.Inspection;
using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests.Inspection;

public sealed class ViewTests
{
    [Fact]
    public async Task A_view_shows_what_the_owner_has_while_he_has_it_and_changes_nothing()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(10_000);
        spool.Live.Release(5_000);
        spool.Live.AppendLoss(7, LossCause.Overflow);
        Rig.Append(spool.Spool[SpoolLane.Alarm], 3);
        await spool.Live.CommitAsync();
        await spool.Spool[SpoolLane.Alarm].CommitAsync();
        Dictionary<string, string> before = SpoolOnDisk.Contents(spool.Path);

        using SpoolView view = SpoolView.Open(spool.Path);

        Assert.Equal(spool.Spool.Id, view.Id);
        Assert.Equal((5_000ul, 10_001ul), (view.Live.Released, view.Live.Committed));
        Assert.Equal((0ul, 3ul), (view.Alarm.Released, view.Alarm.Committed));
        Assert.Equal(Rig.ItemsOf(5_001, 10_000), view.Live.Readings);
        Assert.Equal(new SpoolGap(10_001, 10_001, 7, LossCause.Overflow), Assert.Single(view.Live.Losses));
        Assert.Equal(0ul, view.Recovery.CorruptRecords);
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(view, SpoolLane.Live);
        Assert.Equal(Rig.Range(5_001, 10_000), records);
        Assert.Equal(view.Live.Losses, gaps);
        Assert.Equal(before, SpoolOnDisk.Contents(spool.Path));
        Assert.Equal(before.Count + 1, view.Files);
    }

    [Fact]
    public async Task Released_records_can_be_looked_back_at_as_long_as_their_segment_is_there()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(10_000);
        spool.Live.Release(5_000);
        using SpoolView view = SpoolView.Open(spool.Path);
        SpoolSegment segment = view.SegmentsOf(SpoolLane.Live).Last(each => each.First <= 5_001);

        using LookBack back = view.LookBack(SpoolLane.Live, segment.First);

        Assert.True(back.TryRead(out SpoolRecord record));
        Assert.InRange(segment.First, 2ul, 5_000ul);
        Assert.Equal(segment.First, record.Sequence);
        Assert.Equal(Rig.ItemsOf(1, segment.First - 1), segment.ItemsBefore);
    }

    [Fact]
    public async Task A_view_without_marks_counts_everything_as_unreleased_as_the_agent_would()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(100);
        await spool.CloseAsync();
        string copy = spool.Copy("copy");
        File.Delete(Path.Combine(copy, "marks"));

        using SpoolView view = SpoolView.Open(copy);

        Assert.True(view.Recovery.MarkLost);
        Assert.Equal(spool.Spool.Id, view.Id);
        Assert.Equal(Rig.Range(1, 100), ReadAll(view, SpoolLane.Live).Records);
        Assert.False(File.Exists(Path.Combine(copy, "marks")));
    }

    [Fact]
    public async Task A_reader_whose_segments_are_dropped_under_it_learns_of_their_loss_and_takes_no_other_bytes_for_theirs()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(800, 4_000);
        using SpoolView view = SpoolView.Open(spool.Path);
        using SpoolViewReader reader = view.OpenReader(SpoolLane.Live);
        Assert.Equal(ViewReadResult.Record, reader.Read(out SpoolRecord first));
        Assert.Equal(1ul, first.Sequence);

        // Four times the cap: every file is used again, some more than once.
        Rig.Append(spool.Live, 4_000, 4_000);
        await spool.Live.CommitAsync();
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(reader, 4_000);

        Assert.Equal(4_800ul, records[^1]);
        SpoolGap evicted = Assert.Single(gaps);
        Assert.Equal(LossCause.Evicted, evicted.Cause);
        // Of the whole stretch, as the ledger has it.
        Assert.Equal(Rig.ItemsOf(1, evicted.To), evicted.Items);
        Assert.Equal(4_799ul, (ulong)records.Count + evicted.Records);
    }

    [Fact]
    public async Task A_reader_whose_segments_are_released_under_it_goes_on_behind_them()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(900, 4_000);
        using SpoolView view = SpoolView.Open(spool.Path);
        using SpoolViewReader reader = view.OpenReader(SpoolLane.Live);
        reader.Read(out _);

        spool.Live.Release(800);
        Rig.Append(spool.Live, 700, 4_000);
        await spool.Live.CommitAsync();
        (List<ulong> records, List<SpoolGap> gaps) = ReadAll(reader, 4_000);

        Assert.Empty(gaps);
        Assert.Equal(1_600ul, records[^1]);
        Assert.Equal(Rig.Range(801, 1_600), records.Where(static sequence => sequence > 800));
    }

    [Fact]
    public async Task A_reader_in_a_stretch_that_is_thinned_under_it_says_so()
    {
        await using var spool = new SpoolOnDisk(new SummingThinner());
        Rig.Append(spool.Live, 3_000, 1_000);
        await spool.Live.CommitAsync();
        using SpoolView view = SpoolView.Open(spool.Path);
        using SpoolViewReader reader = view.OpenReader(SpoolLane.Live);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(ViewReadResult.Record, reader.Read(out _));
        }

        Rig.Append(spool.Live, 8_000, 1_000);
        await spool.Live.CommitAsync();
        Assert.True(spool.Spool.Statistics.ThinnedSegments > 4);
        ViewReadResult result;
        ulong last = 0;
        while ((result = reader.Read(out SpoolRecord record)) == ViewReadResult.Record)
        {
            Assert.Equal(Rig.Payload(record.Sequence, 1_000), record.Payload.ToArray());
            last = record.Sequence;
        }

        Assert.Equal(ViewReadResult.Rewritten, result);
        Assert.InRange(last, 5ul, 400ul);
        using SpoolView anew = SpoolView.Open(spool.Path);
        Assert.Equal(1ul, anew.SegmentsOf(SpoolLane.Live)[0].First);
        Assert.True(anew.SegmentsOf(SpoolLane.Live)[0].Level > 0);
        Assert.Contains(anew.Live.Losses, static loss => loss.Cause == LossCause.Thinned);
    }

    [Fact]
    public async Task Views_of_a_spool_in_full_use_are_each_in_order_and_never_hold_a_wrong_byte()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(100, 2_000);
        using var stop = new CancellationTokenSource();
        Task owner = Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                Rig.Append(spool.Live, 50, 2_000);
                await spool.Live.CommitAsync();
                if (i % 3 == 0)
                {
                    spool.Live.Release(spool.Live.Committed - 20);
                }
            }
        });
        ulong read = 0;
        for (int look = 0; look < 40; look++)
        {
            using SpoolView view = SpoolView.Open(spool.Path);
            using SpoolViewReader reader = view.OpenReader(SpoolLane.Live);
            ulong next = 0;
            ViewReadResult result;
            while ((result = reader.Read(out SpoolRecord record)) != ViewReadResult.End)
            {
                Assert.NotEqual(ViewReadResult.Rewritten, result);
                if (result == ViewReadResult.Gap)
                {
                    Assert.Equal(LossCause.Evicted, reader.Gap.Cause);
                    next = reader.Gap.To + 1;
                    continue;
                }
                Assert.True(record.Sequence >= next);
                Assert.True(record.Payload.Span.SequenceEqual(Rig.Payload(record.Sequence, 2_000)));
                next = record.Sequence + 1;
                read++;
            }
        }
        await stop.CancelAsync();
        await owner;
        Assert.True(read > 40);
    }

    [Fact]
    public async Task Every_record_is_in_a_view_once_as_it_was_or_in_a_summary_while_the_owner_thins()
    {
        await using var spool = new SpoolOnDisk(new SummingThinner());
        Rig.Append(spool.Live, 3_000, 1_000);
        await spool.Live.CommitAsync();
        using var stop = new CancellationTokenSource();
        Task owner = Task.Run(async () =>
        {
            // All of it thinned once fits in the spool.
            while (!stop.IsCancellationRequested && spool.Live.Tail < 150_000)
            {
                Rig.Append(spool.Live, 50, 1_000);
                await spool.Live.CommitAsync();
            }
        });
        int whole = 0;
        for (int look = 0; look < 60; look++)
        {
            using SpoolView view = SpoolView.Open(spool.Path);
            using SpoolViewReader reader = view.OpenReader(SpoolLane.Live);
            ulong records = 0;
            ViewReadResult result;
            while ((result = reader.Read(out SpoolRecord record)) is ViewReadResult.Record or ViewReadResult.Gap)
            {
                Assert.True(result == ViewReadResult.Record || reader.Gap.Cause == LossCause.Thinned);
                records += result == ViewReadResult.Gap ? 0
                    : SummingThinner.TryParse(record.Payload.Span, out SummingThinner.Summary summary) ? summary.Records : 1;
            }
            if (result == ViewReadResult.End)
            {
                Assert.Equal(reader.View.Live.Committed, records);
                whole++;
            }
        }
        await stop.CancelAsync();
        await owner;
        Assert.True(whole > 0);
        Assert.True(spool.Spool.Statistics.ThinnedSegments > 0);
    }

    [Fact]
    public void What_is_no_spool_is_said_to_be_none()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Assert.Contains("holds no spool", Assert.Throws<NotASpoolException>(() => SpoolView.Open(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("There is no folder", Assert.Throws<NotASpoolException>(() => SpoolView.Open(folder["none"])).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<NotASpoolException>(() => SpoolView.Open(folder["file"])).Message, StringComparison.Ordinal);
    }

    private static (List<ulong> Records, List<SpoolGap> Gaps) ReadAll(SpoolView view, SpoolLane lane)
    {
        using SpoolViewReader reader = view.OpenReader(lane);
        return ReadAll(reader, 100);
    }

    private static (List<ulong> Records, List<SpoolGap> Gaps) ReadAll(SpoolViewReader reader, int bytes)
    {
        var records = new List<ulong>();
        var gaps = new List<SpoolGap>();
        while (true)
        {
            switch (reader.Read(out SpoolRecord record))
            {
                case ViewReadResult.Record:
                    Assert.Equal(Rig.Payload(record.Sequence, bytes), record.Payload.ToArray());
                    Assert.Equal(Rig.ItemsOf(record.Sequence), record.Items);
                    records.Add(record.Sequence);
                    break;
                case ViewReadResult.Gap:
                    gaps.Add(reader.Gap);
                    break;
                case ViewReadResult.End:
                    return (records, gaps);
                default:
                    Assert.Fail("Nothing was thinned.");
                    break;
            }
        }
    }
}
