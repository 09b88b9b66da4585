using EdgeAgent.Spooling.Inspection;
using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests.Inspection;

public sealed class RestoreTests
{
    [Fact]
    public async Task A_restored_spool_gives_the_same_records_gaps_and_marks_and_goes_on_with_the_next_number()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(5_000);
        spool.Live.Release(3_000);
        spool.Live.AppendLoss(7, LossCause.Overflow);
        Rig.Append(spool.Live, 100);
        Assert.True(spool.Live.Refuse(4_000));
        Rig.Append(spool.Spool[SpoolLane.Alarm], 5);
        await spool.ReopenAsync();

        Restore(spool.Path, spool["restored"]);

        SpoolOptions options = Rig.Options();
        options.Path = spool["restored"];
        await using Spool restored = Spool.Open(options, TimeProvider.System, Rig.NextBoot);
        Assert.Equal(spool.Spool.Id, restored.Id);
        Assert.Equal(spool.Spool.Recovery.ToString(), restored.Recovery.ToString());
        foreach (SpoolLane lane in (SpoolLane[])[SpoolLane.Alarm, SpoolLane.Live])
        {
            Assert.Equal((spool.Spool[lane].Released, spool.Spool[lane].Tail), (restored[lane].Released, restored[lane].Tail));
            (List<ulong> expected, List<SpoolGap> gaps) = Rig.ReadAll(spool.Spool[lane]);
            (List<ulong> records, List<SpoolGap> restoredGaps) = Rig.ReadAll(restored[lane]);
            Assert.Equal(expected, records);
            Assert.Equal(gaps, restoredGaps);
        }
        Assert.Empty(new SpoolCheck(spool["restored"]).Run());
        using SpoolView view = SpoolView.Open(spool["restored"]);
        using SpoolView original = SpoolView.Open(spool.Path);
        Assert.Equal(original.Live.Readings, view.Live.Readings);
        Assert.Equal(original.SegmentsOf(SpoolLane.Live)[^1], view.SegmentsOf(SpoolLane.Live)[^1]);
        Rig.Append(restored[SpoolLane.Live], 10);
    }

    [Fact]
    public async Task Thinned_pieces_stay_thinned_pieces()
    {
        await using var spool = new SpoolOnDisk(new SummingThinner());
        Rig.Append(spool.Live, 10_000, 1_000);
        await spool.CloseAsync();

        Restore(spool.Path, spool["restored"]);

        using SpoolView original = SpoolView.Open(spool.Path);
        using SpoolView restored = SpoolView.Open(spool["restored"]);
        Assert.Contains(original.SegmentsOf(SpoolLane.Live), static segment => segment.Level > 0);
        Assert.Equal(original.SegmentsOf(SpoolLane.Live), restored.SegmentsOf(SpoolLane.Live));
        Assert.Equal(original.Live.Losses, restored.Live.Losses);
        Assert.Equal(original.Live.Readings, restored.Live.Readings);
        Assert.Empty(new SpoolCheck(spool["restored"]).Run());
    }

    [Fact]
    public async Task A_folder_that_holds_a_spool_is_refused_and_stays_as_it_is()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(10);
        await spool.CloseAsync();
        Dictionary<string, string> before = SpoolOnDisk.Contents(spool.Path);

        Assert.Contains(
            "holds a spool already", Assert.Throws<NotASpoolException>(() => SpoolRestore.Begin(spool.Path, spool.Spool.Id)).Message, StringComparison.Ordinal);
        Assert.Equal(before, SpoolOnDisk.Contents(spool.Path));
    }

    [Fact]
    public void What_is_not_finished_leaves_no_spool()
    {
        using var folder = new TemporaryFolder();
        using (SpoolRestore restore = SpoolRestore.Begin(folder["spool"], Guid.NewGuid()))
        {
            restore.BeginLane(SpoolLane.Live, 0, 2, 4, 200);
            restore.BeginSegment(new SpoolSegment(1, 256 * 1024, 0, 0, 0, 0, 0));
            restore.Append(new SpoolRecord(1, 2, Rig.Payload(1)));
            Assert.Throws<InvalidDataException>(restore.Finish);
        }

        Assert.Equal(["lock"], Directory.GetFileSystemEntries(folder["spool"]).Select(Path.GetFileName));
        SpoolRestore.Begin(folder["spool"], Guid.NewGuid()).Dispose();
    }

    [Fact]
    public void A_hole_a_step_back_and_a_lane_that_is_missing_are_refused()
    {
        using var folder = new TemporaryFolder();
        using SpoolRestore restore = SpoolRestore.Begin(folder["spool"], Guid.NewGuid());
        restore.BeginLane(SpoolLane.Live, 0, 5, 4, 200);
        restore.BeginSegment(new SpoolSegment(1, 256 * 1024, 0, 0, 0, 0, 0));
        Assert.Throws<InvalidDataException>(() => restore.Append(new SpoolRecord(2, 2, Rig.Payload(2))));
        restore.Append(new SpoolRecord(1, 2, Rig.Payload(1)));
        Assert.Throws<InvalidDataException>(() => restore.Append(new SpoolRecord(1, 2, Rig.Payload(1))));
        Assert.Throws<InvalidDataException>(() => restore.AddLoss(new SpoolGap(3, 5, 1, LossCause.Evicted)));
        Assert.Throws<InvalidDataException>(() => restore.BeginSegment(new SpoolSegment(1, 256 * 1024, 0, 0, 0, 0, 0)));
        Assert.Throws<InvalidDataException>(() => restore.BeginSegment(new SpoolSegment(2, 255 * 1024, 0, 0, 0, 0, 0)));
        restore.AddLoss(new SpoolGap(2, 5, 1, LossCause.Evicted));
        Assert.Contains("Not all lanes", Assert.Throws<InvalidDataException>(restore.Finish).Message, StringComparison.Ordinal);
    }

    /// <summary>What an export and an import do, without a file between them.</summary>
    private static void Restore(string from, string to)
    {
        using SpoolView view = SpoolView.Open(from);
        using SpoolRestore restore = SpoolRestore.Begin(to, view.Id);
        foreach (SpoolLane lane in (SpoolLane[])[SpoolLane.Alarm, SpoolLane.Live])
        {
            SpoolLaneView found = view[lane];
            restore.BeginLane(lane, found.Released, found.Committed, found.ReadingsThrough, found.BytesThrough);
            ulong segment = 0;
            SpoolSegment front = view.SegmentsOf(lane).LastOrDefault(each => each.First <= found.Released);
            if (front.First > 0)
            {
                segment = front.First;
                restore.BeginSegment(front);
                using LookBack back = view.LookBack(lane, front.First);
                while (back.TryRead(out SpoolRecord released) && released.Sequence <= found.Released)
                {
                    restore.Append(released);
                }
            }
            using SpoolViewReader reader = view.OpenReader(lane);
            ViewReadResult result;
            while ((result = reader.Read(out SpoolRecord record)) != ViewReadResult.End)
            {
                if (result == ViewReadResult.Gap)
                {
                    restore.AddLoss(reader.Gap);
                    continue;
                }
                if (reader.Segment.First != segment)
                {
                    segment = reader.Segment.First;
                    restore.BeginSegment(reader.Segment);
                }
                restore.Append(record);
            }
        }
        restore.Finish();
    }
}
