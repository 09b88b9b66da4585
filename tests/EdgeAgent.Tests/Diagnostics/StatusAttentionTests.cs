using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Identity;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Spooling;
using EdgeAgent.Tests.LocalStatus;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Tests.Diagnostics;

public sealed class StatusAttentionTests
{
    private static readonly AgentStatus Well = SampleStatus.Well;

    [Fact]
    public void A_device_that_is_well_needs_none() => Assert.Empty(StatusAttention.Of(Well));

    [Theory]
    [MemberData(nameof(Troubles))]
    public void Each_trouble_is_told_in_words_with_what_to_do(string name, bool isWrong, string what)
    {
        Finding finding = Assert.Single(StatusAttention.Of(Cases[name]));
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
        Assert.Equal(isWrong, finding.IsWrong);
        Assert.NotEmpty(finding.ToDo);
        Assert.All((string[])[finding.What, finding.ToDo], sentence => Assert.True(sentence[^1] is '.' or ':' or '?', sentence));
    }

    [Fact]
    public void What_passes_by_itself_within_moments_is_not_told()
    {
        Assert.Empty(StatusAttention.Of(WithLine(LineState.Offline, TimeSpan.FromSeconds(5))));
        Assert.Empty(StatusAttention.Of(Well with { Sensors = [SampleStatus.Sensor("a", 1)] }));
        Assert.Empty(StatusAttention.Of(Well with { IsTimeKnown = false, Running = TimeSpan.FromSeconds(20) }));
        Assert.Empty(StatusAttention.Of(Well with { Traffic = Well.Traffic with { Backlog = new LaneHold(HoldCause.Window, TimeSpan.FromHours(1)) } }));
    }

    [Fact]
    public void A_bus_that_takes_all_of_its_sensors_with_it_fills_no_page_and_wrong_comes_before_remarks()
    {
        IReadOnlyList<Finding> findings = StatusAttention.Of(Well with
        {
            Sensors = [.. Enumerable.Range(0, 40).Select(i => SampleStatus.Sensor($"s{i}", 9))],
            Losses = new LossStatus(new Dictionary<DropCause, long> { [DropCause.ChannelFull] = 3 }, new Dictionary<LossCause, ulong>()),
        });
        Assert.Equal(7, findings.Count);
        Assert.StartsWith("35 more sensors", findings[5].What, StringComparison.Ordinal);
        Assert.False(findings[6].IsWrong);
    }

    public static TheoryData<string, bool, string> Troubles => new()
    {
        { "spool gone", true, "The spool /var/lib/edge-agent/spool cannot be opened, and readings are in memory alone: No such device." },
        { "spool broken", true, "disk fails" },
        { "spool full", true, "old readings give way" },
        { "offline", true, "The service has been out of reach for 2h: Nobody listens." },
        { "refused", true, "The service has refused this device for 2h: In quarantine." },
        { "diverged", true, "never sent" },
        { "stalled", true, "3 connections in a row" },
        { "unenrolled", true, "no certificate" },
        { "certificate expired", true, "expired 1d ago" },
        { "certificate short", true, "expires in 2d" },
        { "sensor", true, "The sensor cabinet (bme280 at 0x76 of bus 1) has given no value for 7m: no_response." },
        { "clock", true, "provisional" },
        { "flash", true, "maximumBytesPerDay" },
        { "budget", true, "the month's bytes are used" },
        { "ledger", false, "9 evicted" },
        { "dropped", false, "4 catalog_full" },
        { "rejected", false, "Revision 13 of the configuration was rejected: /i2c/0: There is no such bus." },
        { "trial", false, "Revision 14 of the configuration is on trial, for 2m more" },
    };

    private static Dictionary<string, AgentStatus> Cases { get; } = new()
    {
        ["spool gone"] = Well with { Spool = null, Buffer = Well.Buffer with { Obstacle = "No such device." } },
        ["spool broken"] = Well with { Spool = SpoolState.Broken },
        ["spool full"] = Well with { Spool = SpoolState.Full },
        ["offline"] = WithLine(LineState.Offline, TimeSpan.FromHours(2), "Nobody listens."),
        ["refused"] = WithLine(LineState.Offline, TimeSpan.FromHours(2), "In quarantine.") with { Lanes = [Well.Lanes[1] with { State = UploadState.Refused }] },
        ["diverged"] = Well with { Lanes = [Well.Lanes[1] with { State = UploadState.Diverged }] },
        ["stalled"] = Well with { Uplink = Well.Uplink with { IsStalled = true, FruitlessConnections = 3 } },
        ["unenrolled"] = Well with { Certificate = new CertificateStatus(null, null, IdentityState.Unenrolled) },
        ["certificate expired"] = Well with { Certificate = Well.Certificate with { Left = -TimeSpan.FromDays(1) } },
        ["certificate short"] = Well with { Certificate = Well.Certificate with { Left = TimeSpan.FromDays(2), Renewal = null } },
        ["sensor"] = Well with { Sensors = [SampleStatus.Sensor("cabinet", 42)] },
        ["clock"] = Well with { IsTimeKnown = false, Clock = new ClockStanding(ClockSource.None, null, TimeSpan.Zero) },
        ["flash"] = Well with { Flash = Well.Flash with { LeftToday = -1 } },
        ["budget"] = Well with { Traffic = Well.Traffic with { Live = new LaneHold(HoldCause.MonthUsed, TimeSpan.FromDays(2)) } },
        ["ledger"] = Well with { Losses = Well.Losses with { InLedger = new Dictionary<LossCause, ulong> { [LossCause.Evicted] = 9 } } },
        ["dropped"] = Well with { Losses = Well.Losses with { Dropped = new Dictionary<DropCause, long> { [DropCause.CatalogFull] = 4 } } },
        ["rejected"] = Well with { Configuration = Well.Configuration! with { Last = Rejected(13) } },
        ["trial"] = Well with
        {
            Configuration = Well.Configuration! with { Trial = new RevisionHeader(14, "cd", "anna", 0, false), TrialLeft = TimeSpan.FromMinutes(2), Phase = RevisionPhase.OnTrial },
        },
    };

    private static AgentStatus WithLine(LineState state, TimeSpan time, string? failure = null) =>
        Well with { Connection = Well.Connection with { Line = new LineStanding(state, time, failure, failure is null ? null : TimeSpan.Zero) } };

    private static RevisionEvent Rejected(ulong number) => new(
        new RevisionHeader(number, "ef", "anna", 0, false), RevisionOutcome.Rejected, [new RevisionError("/i2c/0", "There is no such bus.")], 0, 12, IsTold: true);
}
