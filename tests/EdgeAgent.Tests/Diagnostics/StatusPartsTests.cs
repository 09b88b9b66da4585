using EdgeAgent.Diagnostics;
using EdgeAgent.Flash;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Diagnostics;

public sealed class StatusPartsTests
{
    [Fact]
    public void A_rate_is_a_mean_that_forgets_and_begins_anew_where_the_count_does()
    {
        var rate = new RecentRate(TimeSpan.FromMinutes(1));
        Assert.Null(rate.PerSecond);
        rate.Observe(TimeSpan.Zero, 100);
        Assert.Null(rate.PerSecond);
        rate.Observe(TimeSpan.FromSeconds(10), 200);
        Assert.Equal(10, rate.PerSecond!.Value, 6);
        rate.Observe(TimeSpan.FromHours(1), 200);
        Assert.Equal(0, rate.PerSecond!.Value, 2);
        rate.Observe(TimeSpan.FromHours(2), 5);
        rate.Observe(TimeSpan.FromHours(3), 5 + (7 * 3600));
        Assert.Equal(7, rate.PerSecond!.Value, 2);
    }

    [Theory]
    [InlineData("0x01 0x03\n", 30)]
    [InlineData("0x0b 0x01\n", 110)]
    [InlineData("0x00 0x00\n", null)]
    [InlineData("", null)]
    [InlineData("worn", null)]
    public void The_wear_of_an_emmc_is_the_worse_of_what_it_says(string text, int? percent) => Assert.Equal(percent, FlashWear.TryParse(text));

    [Fact]
    public void Threads_are_read_from_what_the_kernel_writes()
    {
        Assert.Equal(23, ProcessWatch.TryParseThreads("Name:\tedge-agent\nThreads:\t23\nSigQ:\t0/1\n"));
        Assert.Null(ProcessWatch.TryParseThreads("Name:\tedge-agent\n"));
        Assert.True(ProcessWatch.Look() is { Threads: > 0, MemoryBytes: > 0 });
    }

    [Fact]
    public void A_line_is_as_old_as_its_state_and_remembers_its_last_failure()
    {
        var time = new ManualTimeProvider();
        var journal = new LineJournal(time);
        Assert.Equal(new LineStanding(LineState.Untried, TimeSpan.Zero, null, null), journal.Standing);
        journal.Failed("no address");
        time.Advance(TimeSpan.FromMinutes(1));
        journal.Failed("no route");
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new LineStanding(LineState.Offline, TimeSpan.FromMinutes(2), "no route", TimeSpan.FromMinutes(1)), journal.Standing);
        journal.Answered();
        time.Advance(TimeSpan.FromMinutes(3));
        journal.Answered();
        Assert.Equal(new LineStanding(LineState.Online, TimeSpan.FromMinutes(3), "no route", TimeSpan.FromMinutes(4)), journal.Standing);
    }

    [Fact]
    public void A_sensors_failures_are_counted_until_it_answers()
    {
        var time = new ManualTimeProvider();
        var tally = new SensorTally(time);
        tally.Note(hasAnswered: false, Quality.Checksum);
        tally.Note(hasAnswered: false, Quality.NoResponse);
        Assert.Equal(new SensorTallyView(0, 2, 2, Quality.NoResponse, null), tally.View);
        tally.Note(hasAnswered: true, Quality.Good);
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(new SensorTallyView(1, 2, 0, Quality.Good, TimeSpan.FromSeconds(4)), tally.View);
    }

    [Fact]
    public void The_journal_gets_one_line_an_event_with_its_priority()
    {
        var formatter = new JournalConsoleFormatter();
        using var text = new StringWriter();
        foreach (LogLevel level in (LogLevel[])[LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical])
        {
            formatter.Write(
                new LogEntry<string>(level, "EdgeAgent.Uplink.Uploader", default, "one\ntwo", level == LogLevel.Error ? new IOException("a\nb") : null, static (state, _) => state), null, text);
        }
        Assert.Equal(
            "<7>Uploader: one two\n<6>Uploader: one two\n<4>Uploader: one two\n<3>Uploader: one two System.IO.IOException: a b\n<2>Uploader: one two\n", text.ToString());
    }
}
