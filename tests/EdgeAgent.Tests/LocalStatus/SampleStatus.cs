using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Identity;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Budget;
using Microsoft.Extensions.Logging;
using LossCause = EdgeAgent.Spooling.LossCause;

namespace EdgeAgent.Tests.LocalStatus;

/// <summary>A device that is well.</summary>
internal static class SampleStatus
{
    public static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    public static AgentStatus Well { get; } = new()
    {
        Version = "1.2.3+abc",
        Running = TimeSpan.FromHours(76),
        Now = Now,
        IsTimeKnown = true,
        Uplink = new UplinkProgress(IsStalled: false, FruitlessConnections: 0, TimeSpan.FromSeconds(2)),
        CertificateUntil = Now.AddDays(90),
        Connections = (3, 1),
        Lanes =
        [
            new LaneStatus(SpoolLane.Alarm, UploadState.Waiting, 0, TimeSpan.Zero, 7, 7),
            new LaneStatus(SpoolLane.Live, UploadState.Streaming, 2048, TimeSpan.FromSeconds(3), 100, 102),
            new LaneStatus(SpoolLane.Backlog, UploadState.Waiting, 0, TimeSpan.Zero, 50, 50),
        ],
        BacklogEmptyIn = null,
        Spool = SpoolState.Sound,
        Traffic = new TrafficStatus(Period(1), Period(30), LaneHold.Free, LaneHold.Free, Now),
        FlashLeft = 150_000_000,
        Readings = new ReadingTotals(123_456, 10, 123_446, 123_400, 0, 0, 0),
        LogLevel = LogLevel.Information,
        Series =
        [
            Series("cabinet/temperature", "Cel", 21.57, Quality.Good), Series("cabinet/humidity", "%", 0, Quality.Checksum), Series("host/memory/used", "By", 1.5 * 1024 * 1024, Quality.Good),
        ],
        SeriesLeftOut = 0,
        Connection = new ConnectionStatus("cabinet-7", new Uri("https://ingest.example.com:8443"), new LineStanding(LineState.Online, TimeSpan.FromHours(5), null, null)),
        Certificate = new CertificateStatus(Now.AddDays(90), TimeSpan.FromDays(90), IdentityState.InForce),
        Clock = new ClockStanding(ClockSource.Kernel, TimeSpan.FromMilliseconds(1.5), TimeSpan.Zero),
        Boot = new Guid("11111111-2222-3333-4444-555555555555"),
        LiveDelay = TimeSpan.FromSeconds(4),
        Buffer = new BufferStatus("/var/lib/edge-agent/spool", 64 << 20, 12 << 20, 25.5, TimeSpan.FromDays(25), null),
        Flash = new FlashStatus(3_000_000, 2_500_000, 3_500_000, 200_000_000, 150_000_000, 10),
        Sensors = [Sensor("cabinet", failedInARow: 0)],
        SensorsLeftOut = 0,
        Configuration = new ConfigurationStatus(new RevisionHeader(12, "ab", "anna", 0, false), RevisionPhase.Running, RevisionHeader.None, null, null),
        Losses = new LossStatus(new Dictionary<DropCause, long>(), new Dictionary<LossCause, ulong>()),
        Process = new ProcessStatus(42, 41 << 20, 8 << 20, 32 << 20, 23, TimeSpan.FromSeconds(90)),
    };

    public static SensorStatus Sensor(string name, long failedInARow) => new(
        name, $"bme280 at 0x76 of bus 1", TimeSpan.FromSeconds(10), failedInARow == 0,
        new SensorTallyView(500, failedInARow, failedInARow, failedInARow > 0 ? Quality.NoResponse : Quality.Good, TimeSpan.FromMinutes(7)));

    public static SeriesStatus Series(string name, string unit, double value, Quality quality, string? text = null) => new(
        new SeriesDefinition { Ref = 1, Name = name, Unit = unit, Kind = text is null ? SeriesKind.Number : SeriesKind.Text }, TimeSpan.FromSeconds(10),
        new LastReadingView(55, (Now - TimeSpan.FromSeconds(3)).ToUnixTimeMilliseconds() * 1_000_000, value, text, quality, TimeSpan.FromSeconds(10)));

    private static PeriodStatus Period(int days) => new(1_000_000, 10_000_000, TimeSpan.FromHours(5), TimeSpan.FromDays(days), null);
}
