using EdgeAgent.Testing;
using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

public sealed class OwnerTests
{
    [Fact]
    public async Task A_second_owner_is_told_and_touches_nothing()
    {
        using var folder = new TemporaryFolder();
        SpoolOptions options = Options();
        options.Path = folder["spool"];
        Spool first = Spool.Open(options, TimeProvider.System, Boot);
        Append(first[SpoolLane.Live], 10);
        SpoolInUseException refused = Assert.Throws<SpoolInUseException>(() => Spool.Open(options, TimeProvider.System, Boot));
        Assert.Contains(options.Path, refused.Message, StringComparison.Ordinal);
        await first.DisposeAsync();

        await using Spool second = Spool.Open(options, TimeProvider.System, Boot);
        Assert.Equal(Range(1, 10), ReadAll(second[SpoolLane.Live]).Records);
    }

    [Fact]
    public async Task On_a_real_disk_everything_survives_filling_reopening_releasing_and_evicting()
    {
        using var folder = new TemporaryFolder();
        SpoolOptions options = Options();
        options.Path = folder["spool"];
        for (int round = 0; round < 4; round++)
        {
            await using Spool spool = Spool.Open(options, TimeProvider.System, Boot);
            SpoolQueue live = spool[SpoolLane.Live];
            Append(live, 12_000);
            await live.CommitAsync();
            (List<ulong> records, List<SpoolGap> gaps) = ReadAll(live);
            Assert.All(gaps, gap => Assert.Equal((LossCause.Evicted, ItemsOf(gap.From, gap.To)), (gap.Cause, gap.Items)));
            live.Release(records[records.Count / 3]);
            long onDisk = new DirectoryInfo(options.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
            Assert.Equal(onDisk, spool.Statistics.BytesOnDisk);
            Assert.InRange(onDisk, 0, options.MaximumBytes);
        }
    }

    [Fact]
    public void Options_that_cannot_work_are_refused_with_every_reason_at_once()
    {
        var options = new SpoolOptions { MaximumBytes = 1, SegmentBytes = 5, FreeSpaceFloor = -1, CommitWindow = TimeSpan.FromDays(1) };
        Assert.Equal(5, options.Validate().Count());
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Spool.Open(options, TimeProvider.System, Boot));
        Assert.All(options.Validate(), error => Assert.Contains(error, refused.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(4L << 20, 512 << 10)]
    [InlineData(64L << 20, 1 << 20)]
    [InlineData(4L << 30, 8 << 20)]
    public void Any_cap_from_4_MiB_works_without_choosing_a_segment_size(long maximumBytes, int segmentBytes)
    {
        var options = new SpoolOptions { Path = "x", MaximumBytes = maximumBytes };
        Assert.Empty(options.Validate());
        Assert.Equal(segmentBytes, options.SegmentBytes);
    }

    [Fact]
    public async Task The_largest_payload_that_is_promised_fits_and_a_larger_one_is_refused()
    {
        SimulatedFiles files = SimulatedFiles.Formatted();
        await using Spool spool = Open(files);
        int most = Options().MaximumPayloadBytes;
        SpoolQueue live = spool[SpoolLane.Live];
        for (int i = 0; i < 3; i++)
        {
            Append(live, 1, most);
        }
        await live.CommitAsync();
        Assert.Equal(Range(1, 3), ReadAll(live, bytes: most).Records);
        Assert.Throws<ArgumentOutOfRangeException>(() => live.Append(new byte[most + 1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => live.Append([], 1));
    }
}
