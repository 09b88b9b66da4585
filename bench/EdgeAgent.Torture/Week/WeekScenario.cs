using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Flash;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Protocol;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Torture.Week;

/// <summary>
/// The real batcher and the real spool, offline, on a clock that goes as fast as they do, with less room than the time needs. Then the real
/// uplink and the real service. In the end every reading must be in the database, still in the spool, or in an explained gap.
/// </summary>
internal sealed class WeekScenario(WeekOptions options) : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly List<Sample> _samples = [];
    private long _produced;

    public static async Task<int> RunAsync(WeekOptions options, CancellationToken stopping)
    {
        using var scenario = new WeekScenario(options);
        return await scenario.RunAsync(stopping);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<int> RunAsync(CancellationToken stopping)
    {
        long started = Stopwatch.GetTimestamp();
        DevelopmentAuthority.Create(_folder["certificates"], ["week"], []);
        await using IngestionHost service = await StartServiceAsync();
        await using ServiceProvider agent = CreateAgent(service.IngestPort);
        SpoolSlot slot = agent.GetRequiredService<SpoolSlot>();
        await slot.StartAsync(CancellationToken.None);

        await PassOfflineAsync(agent, slot, stopping);
        SpoolQueue live = slot.Current.Spool[SpoolLane.Live];
        SpoolStatistics full = slot.Current.Spool.Statistics;
        double offlineSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        UplinkService uplink = agent.GetRequiredService<UplinkService>();
        await uplink.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => live.Released == live.Tail, Enough, () => $"the service has everything; it has {live.Released} of {live.Tail}");
        await uplink.StopAsync(CancellationToken.None);
        return Tell(full, offlineSeconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private Task<IngestionHost> StartServiceAsync() => IngestionHost.StartAsync(
        new IngestionOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Web = new IPEndPoint(IPAddress.Loopback, 0),
            Data = _folder["ingestion"],
            CertificateFile = _folder["certificates/server.crt"],
            KeyFile = _folder["certificates/server.key"],
            ClientAuthorityFile = _folder["certificates/ca.crt"],
        },
        CancellationToken.None);

    private SpoolOptions SpoolOptions => new() { Path = _folder["spool"], MaximumBytes = options.SpoolBytes, FreeSpaceFloor = 0 };

    private ServiceProvider CreateAgent(int port) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton<SeriesCatalog>()
        .AddSingleton<AgentMetrics>()
        .AddClock(new ClockOptions(), SpoolOptions, TimeProvider.System)
        .AddSpool(SpoolOptions, BatchCompression.Gzip)
        .AddUplink(new UplinkOptions
        {
            Endpoint = new Uri($"https://localhost:{port}"),
            AuthorityFile = _folder["certificates/ca.crt"],
            CertificateFile = _folder["certificates/device-week.crt"],
            KeyFile = _folder["certificates/device-week.key"],
        })
        .BuildServiceProvider();

    /// <summary>Time passes by the minute: the sensors are read, the batches of that minute close and are committed.</summary>
    private async Task PassOfflineAsync(ServiceProvider agent, SpoolSlot slot, CancellationToken stopping)
    {
        var channel = new ReadingChannel();
        SeriesCatalog catalog = agent.GetRequiredService<SeriesCatalog>();
        AgentMetrics metrics = agent.GetRequiredService<AgentMetrics>();
        var plant = new Plant(catalog, options.Rate, options.Noise);
        using var batcher = new Batcher(channel, catalog, new BatchOptions(), new FlashOptions(), slot, _clock, metrics, new(_clock), NullLogger<Batcher>.Instance);
        await batcher.StartAsync(CancellationToken.None);
        Say($"{"day",6}{"readings",14}{"RSS MiB",10}{"heap MiB",10}{"files MiB",11}{"dropped",14}");
        // Whoever interrupts gets the verdict on the time that has passed.
        TimeSpan at = TimeSpan.Zero;
        for (; at < options.Time && !stopping.IsCancellationRequested; at += Step)
        {
            for (int second = 0; second < (int)Step.TotalSeconds; second++)
            {
                await plant.ReadAsync(channel, (long)at.TotalSeconds + second);
            }
            _produced += (long)options.Rate * (int)Step.TotalSeconds;
            // The channel holds this loop back where the batcher is slower: the two are never further apart than what it holds.
            _clock.Advance(Step);
            if (at.TotalMinutes % 60 == 0)
            {
                Observe(at, slot.Current.Spool);
            }
        }
        await batcher.StopAsync(CancellationToken.None);
        Observe(at, slot.Current.Spool);
    }

    private void Observe(TimeSpan at, Spool spool)
    {
        var sample = new Sample(
            at, _produced, Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: true), new DirectoryInfo(_folder["spool"]).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
            spool.Statistics.EvictedItems);
        _samples.Add(sample);
        if (at.TotalHours % 12 == 0)
        {
            Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{at.TotalDays,6:F1}{sample.Produced,14}{sample.ResidentBytes / 1048576.0,10:F1}{sample.HeapBytes / 1048576.0,10:F2}{sample.FileBytes / 1048576.0,11:F2}{sample.Evicted,14}"));
        }
    }

    private int Tell(SpoolStatistics full, double offlineSeconds, double seconds)
    {
        using var database = new StoredRows(Path.Combine(_folder["ingestion"], "readings.db"));
        long stored = database.CountRaw(), lost = database.CountLost();
        // The first tenth is the program warming up: code is compiled, buffers find their size.
        List<Sample> warm = _samples[(_samples.Count / 10)..];
        long mostFiles = _samples.Max(sample => sample.FileBytes);
        (string Name, object Value)[] figures =
        [
            ("hours", Math.Round(_samples[^1].At.TotalHours, 2)), ("produced", _produced), ("stored", stored), ("accounted", lost),
            ("unaccounted", _produced - stored - lost), ("dropped_by_spool", full.EvictedItems), ("thinned_by_spool", full.ThinnedItems), ("spool_bytes", options.SpoolBytes), ("most_file_bytes", mostFiles),
            ("samples", _samples.Count), ("rss_mib_first", Mebibytes(warm[0].ResidentBytes)), ("rss_mib_last", Mebibytes(warm[^1].ResidentBytes)),
            ("rss_mib_most", Mebibytes(warm.Max(sample => sample.ResidentBytes))), ("rss_mib_a_day", Mebibytes(Sample.Slope(warm, sample => sample.ResidentBytes))),
            ("heap_mib_last", Mebibytes(warm[^1].HeapBytes)), ("heap_mib_a_day", Mebibytes(Sample.Slope(warm, sample => sample.HeapBytes))),
            ("seconds_offline", Math.Round(offlineSeconds, 1)), ("seconds", Math.Round(seconds, 1)),
        ];
        if (options.IsJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Name, figure => figure.Value)));
        }
        else
        {
            Console.WriteLine();
            foreach ((string name, object value) in figures)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20}{value,14}"));
            }
        }
        // Readings of quiet sensors once a second are what thinning is for: nothing is to be dropped as long as they can be thinned.
        bool isThinnedFirst = full.EvictedItems == 0 || full.ThinnedItems > 0;
        return stored + lost == _produced && mostFiles <= options.SpoolBytes && isThinnedFirst ? 0 : 1;
    }

    private static double Mebibytes(double bytes) => Math.Round(bytes / 1048576, 2);

    private void Say(string line)
    {
        if (!options.IsJson)
        {
            Console.WriteLine(line);
        }
    }
}
