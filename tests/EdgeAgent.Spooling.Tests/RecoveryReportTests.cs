namespace EdgeAgent.Spooling.Tests;

public sealed class RecoveryReportTests
{
    [Fact]
    public void Where_nothing_was_damaged_the_line_says_so()
    {
        Assert.Equal("new; nothing to repair", new RecoveryReport { Created = true }.ToString());
        Assert.Equal(
            "closed in order before; 1 segment with records to deliver; nothing to repair",
            new RecoveryReport { ClosedCleanly = true, Segments = 1 }.ToString());
    }

    [Fact]
    public void All_that_was_found_stands_in_one_line_with_the_names_of_the_files()
    {
        var report = new RecoveryReport
        {
            MarkLost = true,
            Segments = 3,
            TornEnds = 1,
            CorruptRecords = 12,
            HeadersRebuilt = 2,
            Quarantined = ["quarantine/00000000-live-0000000000000001.segment", "quarantine/00000001-alarm-0000000000000001.segment"],
        };

        Assert.Equal(
            "not closed in order before; 3 segments with records to deliver; the release mark was unreadable, so that everything counts as "
            + "unreleased; 1 half-written record cut off; 12 corrupt records; 2 segment headers rebuilt; 2 files put into quarantine: "
            + "quarantine/00000000-live-0000000000000001.segment, quarantine/00000001-alarm-0000000000000001.segment",
            report.ToString());
    }
}
