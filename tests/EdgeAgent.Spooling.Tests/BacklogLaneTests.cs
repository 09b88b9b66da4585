using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class BacklogLaneTests
{
    private readonly SimulatedFiles _files = SimulatedFiles.Formatted();

    [Fact]
    public async Task A_spool_that_never_had_a_backlog_has_no_file_for_it()
    {
        await using (Spool spool = Open(_files))
        {
            Append(spool[SpoolLane.Alarm], 3);
            Append(spool[SpoolLane.Live], 3);
            await spool[SpoolLane.Backlog].CommitAsync();
        }
        Assert.DoesNotContain(_files.Names, static name => name.StartsWith("backlog", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backlog_survives_a_power_cut_and_counts_on_when_all_of_it_was_released()
    {
        Spool spool = Open(_files);
        SpoolQueue backlog = spool[SpoolLane.Backlog];
        Append(backlog, 40);
        await backlog.CommitAsync();
        backlog.Release(10);

        Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Assert.Equal(40ul, next[SpoolLane.Backlog].Committed);
        next[SpoolLane.Backlog].Release(40);
        await next.DisposeAsync();
        await spool.DisposeAsync();
    }

    [Fact]
    public async Task The_backlog_gives_way_before_live_data_and_live_data_before_alarms()
    {
        await using Spool spool = Open(_files);
        (SpoolQueue alarm, SpoolQueue live, SpoolQueue backlog) = (spool[SpoolLane.Alarm], spool[SpoolLane.Live], spool[SpoolLane.Backlog]);
        Append(alarm, 300, 1000);
        Append(live, 1000, 1000);
        while (spool.Statistics.EvictedSegments == 0)
        {
            Append(backlog, 100, 1000);
        }
        Append(live, 1000, 1000);
        foreach (SpoolQueue lane in (SpoolQueue[])[alarm, live, backlog])
        {
            await lane.CommitAsync();
        }
        Assert.Empty(ReadAll(alarm, bytes: 1000).Gaps);
        Assert.Empty(ReadAll(live, bytes: 1000).Gaps);
        Assert.Equal(LossCause.Evicted, Assert.Single(ReadAll(backlog, bytes: 1000).Gaps).Cause);

        while (ReadAll(live, bytes: 1000).Gaps.Count == 0)
        {
            Append(live, 100, 1000);
            await live.CommitAsync();
        }
        Assert.Empty(ReadAll(alarm, bytes: 1000).Gaps);
        // It keeps its newest segment.
        Assert.NotEmpty(ReadAll(backlog, bytes: 1000).Records);
    }

    [Fact]
    public async Task The_backlog_is_thinned_before_live_data()
    {
        SpoolOptions options = Options();
        options.Thinner = new SummingThinner();
        options.MaximumInFlightBytes = 0;
        await using Spool spool = Open(_files, options: options);
        (SpoolQueue live, SpoolQueue backlog) = (spool[SpoolLane.Live], spool[SpoolLane.Backlog]);
        Append(live, 1000, 1000);
        while (spool.Statistics.ThinnedSegments < 6)
        {
            Append(backlog, 50, 1000);
        }
        await live.CommitAsync();
        Assert.Empty(ReadAll(live, bytes: 1000).Gaps);
        Assert.Equal(0, spool.Statistics.EvictedSegments);
        // With no backlog left to thin, live data is.
        bool isThinned = false;
        for (int i = 0; i < 1_000 && !isThinned; i++)
        {
            Append(live, 50, 1000);
            isThinned = _files.Names.Any(static name => name.StartsWith("live", StringComparison.Ordinal) && name.Length > 30);
        }
        Assert.True(isThinned);
    }

    [Fact]
    public async Task Within_the_smallest_cap_all_three_lanes_go_on()
    {
        SpoolOptions options = Options();
        options.SegmentBytes = (int)((options.MaximumBytes - (256 * 1024)) / 4 / 4096 * 4096); // the largest segments that are allowed
        Assert.Empty(options.Validate());
        await using Spool spool = Open(_files, options: options);
        SpoolLane[] lanes = [SpoolLane.Alarm, SpoolLane.Live, SpoolLane.Backlog];
        for (int round = 0; round < 30; round++)
        {
            foreach (SpoolLane lane in lanes)
            {
                Append(spool[lane], 100, 2000);
                Assert.InRange(spool.Statistics.BytesOnDisk, 0, options.MaximumBytes);
            }
        }
        foreach (SpoolLane lane in lanes)
        {
            await spool[lane].CommitAsync();
            Assert.NotEmpty(ReadAll(spool[lane], bytes: 2000).Records);
        }
    }

    [Fact]
    public async Task A_backlog_that_was_sent_leaves_its_file_to_the_others_and_counts_on()
    {
        await using Spool spool = Open(_files);
        SpoolQueue backlog = spool[SpoolLane.Backlog];
        Append(backlog, 100);
        await backlog.CommitAsync();
        backlog.Release(100);
        while (_files.Names.Any(static name => name.StartsWith("backlog", StringComparison.Ordinal)))
        {
            Append(spool[SpoolLane.Live], 100, 1000);
        }
        Assert.Equal(0, spool.Statistics.EvictedItems);

        await using Spool next = Open(_files.AfterPowerCut(), NextBoot);
        Append(next[SpoolLane.Backlog], 5);
        await next[SpoolLane.Backlog].CommitAsync();
        Assert.Equal(Range(101, 105), ReadAll(next[SpoolLane.Backlog]).Records);
    }
}
