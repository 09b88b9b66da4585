using System.Diagnostics.Metrics;
using System.Text.Json;
using EdgeAgent.Ingestion.Devices;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Sqlite;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>A series that is to be read every ten seconds, and a minute for a device to report: 80 s without a value are silence.</summary>
public sealed class SilenceTests : IAsyncLifetime, IDisposable
{
    private const string Name = "office/temperature";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly Dictionary<Lane, ulong> _through = [];
    private SqliteReadingStore _store = null!;
    private SqlReadingQueries _queries = null!;
    private SilenceRule _rule = null!;

    public Task InitializeAsync()
    {
        var file = new SqliteFile(_folder.Path);
        _store = SqliteReadingStore.Open(file, _time);
        _queries = new SqlReadingQueries(file);
        _rule = new SilenceRule(TimeSpan.FromMinutes(1), _time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_series_is_silent_once_no_value_has_come_for_twice_its_interval_and_the_time_to_report()
    {
        await StoreAsync(Quality.Good);
        _time.Advance(TimeSpan.FromSeconds(80));
        Assert.Null(Now());

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(SilenceCause.DeviceOffline, Now()!.Value.Cause);
        await StoreAsync(Quality.Good);
        Assert.Null(Now());
        Assert.Empty(_rule.In(_queries));
    }

    [Fact]
    public async Task A_sensor_that_reports_why_it_has_no_value_is_silent_for_that_cause()
    {
        await StoreAsync(Quality.Good);
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await StoreAsync(Quality.NoResponse);
        }

        Assert.Equal(new Silence(SilenceCause.SensorFails, Quality.NoResponse), Now());
    }

    [Fact]
    public async Task A_device_that_reports_other_things_leaves_the_silence_unexplained()
    {
        await StoreAsync(Quality.Good);
        _time.Advance(TimeSpan.FromMinutes(2));
        await StoreAsync(Quality.Good, reference: 2, name: "office/humidity");

        Assert.Equal(SilenceCause.Unexplained, Now()!.Value.Cause);
        Assert.Equal([Name], _rule.In(_queries).Select(found => found.Series.Name));
    }

    [Fact]
    public async Task What_comes_by_the_backlog_ends_no_silence()
    {
        await StoreAsync(Quality.Good);
        _time.Advance(TimeSpan.FromMinutes(2));
        await StoreAsync(Quality.Good, lane: Lane.Backlog);

        Assert.Equal(SilenceCause.Unexplained, Now()!.Value.Cause);
    }

    [Fact]
    public async Task A_series_of_which_nobody_said_how_often_it_is_read_is_never_silent()
    {
        await StoreAsync(Quality.Good, expected: 0);
        _time.Advance(TimeSpan.FromDays(365));

        Assert.Null(Now());
        Assert.Empty(_rule.In(_queries));
    }

    [Fact]
    public async Task Silence_is_counted_by_cause()
    {
        await StoreAsync(Quality.Good);
        _time.Advance(TimeSpan.FromMinutes(2));
        using var metrics = new IngestMetrics();
        metrics.ObserveSilence(() => _rule.In(_queries).CountBy(found => Web.ApiViews.Name(found.Silence)));
        var seen = new Dictionary<string, int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "edge.ingest.series.silent")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => seen[(string)tags[0].Value!] = value);
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Equal(1, seen["device-offline"]);
    }

    [Fact]
    public async Task The_api_and_the_page_s_list_say_what_is_silent_and_why()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.ReportWithin = TimeSpan.FromMilliseconds(1));
        UploadRequest record = Numbers(1);
        record.Record.Batch.Definitions[0].ExpectedIntervalMilliseconds = 2_500;
        await service.Client().SendAsync(Open(1), record);
        JsonElement series = (await service.JsonAsync("api/series")).GetProperty("series")[0];
        Assert.Equal(2.5, series.GetProperty("expectedIntervalSeconds").GetDouble());

        // Twice 2.5 s, by the service's own clock.
        JsonElement silent = default;
        await Eventually.TrueAsync(
            () =>
            {
                silent = service.JsonAsync("api/silent").GetAwaiter().GetResult().GetProperty("series");
                return silent.GetArrayLength() == 1;
            },
            TimeSpan.FromSeconds(60), "the series is silent", TimeSpan.FromMilliseconds(200));

        Assert.Equal((Name, "device-offline"), (silent[0].GetProperty("name").GetString(), silent[0].GetProperty("cause").GetString()));
        series = (await service.JsonAsync("api/series")).GetProperty("series")[0];
        Assert.Equal((true, "device-offline"), (series.GetProperty("silent").GetBoolean(), series.GetProperty("silentCause").GetString()));
    }

    [InstalledFact("chromium")]
    public async Task The_page_shows_a_silent_series_with_its_cause()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.ReportWithin = TimeSpan.FromMilliseconds(1));
        UploadRequest record = Numbers(1);
        record.Record.Batch.Definitions[0].ExpectedIntervalMilliseconds = 1;
        await service.Client().SendAsync(Open(1), record);

        await using Browser browser = await Browser.OpenAsync(service.Web);

        await browser.WaitForAsync("document.body.innerText.includes('the device is offline')");
    }

    private Silence? Now() => _rule.Of(_queries.FindSeries("plant-1", Name)!);

    private async Task StoreAsync(Quality quality, Lane lane = Lane.Live, uint reference = 1, string name = Name, uint expected = 10_000)
    {
        ulong after = _through.GetValueOrDefault(lane);
        using var chunk = new SourceChunk(new SourceKey("plant-1", new Guid(Spool, bigEndian: true), lane), "test");
        chunk.Begin(after);
        chunk.ReceivedUnixNanoseconds = _time.GetUtcNow().ToUnixNanoseconds();
        chunk.Readings.Define(1, new SeriesDefinition { Ref = reference, Name = name, Kind = SeriesKind.Number, ExpectedIntervalMilliseconds = expected });
        chunk.Readings.BeginRecord(after + 1);
        chunk.Readings.Numbers(1, reference, [chunk.ReceivedUnixNanoseconds], [21.5], [quality]);
        chunk.Through = _through[lane] = after + 1;
        Assert.Equal(StoreOutcome.Stored, (await _store.StoreAsync([chunk], CancellationToken.None)).Single().Outcome);
    }
}
