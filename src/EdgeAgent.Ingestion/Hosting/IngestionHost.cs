using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Devices;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Ingestion.Storage.Postgres;
using EdgeAgent.Ingestion.Storage.Sqlite;
using EdgeAgent.Ingestion.Web;
using EdgeAgent.Supervision;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>
/// The running service: store, writer, and the two servers. Built sink first and stopped in reverse, so that what has arrived
/// is stored.
/// </summary>
internal sealed class IngestionHost : IAsyncDisposable
{
    private readonly IngestionParts _parts;
    private readonly WebApplication _ingest;
    private readonly WebApplication _web;
    private readonly Heartbeats _hearts;
    private int _stopped;

    private IngestionHost(IngestionParts parts, WebApplication ingest, WebApplication web, Heartbeats hearts) =>
        (_parts, _ingest, _web, _hearts) = (parts, ingest, web, hearts);

    /// <summary>What the service keeps beside readings.</summary>
    public static IReadOnlyList<ControlTables> Tables { get; } = [DeviceGate.Tables, PeopleTables.Tables, ConfigTables.Tables, RequestTables.Tables];

    /// <summary>Signs of life of what stores, and of who adds some.</summary>
    public Heartbeats Hearts => _hearts;

    /// <summary>The port that devices connect to.</summary>
    public int IngestPort => Port(_ingest);

    /// <summary>The port of the page and the read API.</summary>
    public int WebPort => Port(_web);

    /// <summary>Opens the store and starts both servers. Check the options with <see cref="IngestionOptionsRules"/> before.</summary>
    /// <exception cref="IOException">A port is taken, or a file cannot be read.</exception>
    public static Task<IngestionHost> StartAsync(IngestionOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, NullLoggerFactory.Instance, TimeProvider.System, cancellationToken);

    /// <summary>The same with a log and a clock.</summary>
    public static async Task<IngestionHost> StartAsync(
        IngestionOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Postgres.IsUsed)
        {
            var database = new PostgresDatabase(options.Postgres);
            IReadingStore store = await PostgresReadingStore.OpenAsync(database, time, cancellationToken);
            ControlDatabase shared = PostgresControlDatabase.Open(database, Tables, time);
            return await StartAsync(options, store, shared, new SqlReadingQueries(database), loggers, time, cancellationToken);
        }
        var file = new SqliteFile(options.Data);
        var control = new SqliteControlDatabase(options.Data, Tables, time);
        return await StartAsync(options, SqliteReadingStore.Open(file, time), control, new SqlReadingQueries(file), loggers, time, cancellationToken);
    }

    /// <summary>The same over other stores, which it takes over.</summary>
    public static async Task<IngestionHost> StartAsync(
        IngestionOptions options, IReadingStore store, ControlDatabase control, IReadingQueries queries, ILoggerFactory loggers, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var health = new StoreHealth();
        var metrics = new IngestMetrics();
        var hearts = new Heartbeats(time);
        var queue = new StoreQueue(store, options.Ingest, health, metrics, time, hearts, loggers.CreateLogger<StoreQueue>());
        var silence = new SilenceRule(options.ReportWithin, time);
        metrics.ObserveSilence(() => silence.In(queries).CountBy(found => ApiViews.Name(found.Silence)));
        var identity = new IdentityParts(options, control, time, loggers);
        var configs = new Configurations(options.Configs, control, time, loggers);
        var requests = new RequestBoard(control, static (session, device) => DeviceRecords.Find(session, device).Standing == DeviceStanding.Active, time, loggers.CreateLogger<RequestBoard>());
        var parts = new IngestionParts(store, control, identity, configs, requests, queries, queue, health, silence, metrics, time, loggers);
        WebApplication? ingest = null;
        WebApplication? web = null;
        try
        {
            var feed = new LiveFeed();
            queue.Stored += feed.Publish;
            web = WebServer.Build(options, parts, feed);
            await web.StartAsync(cancellationToken);
            ingest = IngestServer.Build(options, parts);
            await ingest.StartAsync(cancellationToken);
            return new IngestionHost(parts, ingest, web, hearts);
        }
        catch
        {
            await StopAsync(parts, ingest, web);
            throw;
        }
    }

    /// <summary>Lets no more sessions in, stores what has arrived, and lets go of the database.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await StopAsync(_parts, _ingest, _web);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task StopAsync(IngestionParts parts, WebApplication? ingest, WebApplication? web)
    {
        foreach (WebApplication? server in (WebApplication?[])[ingest, web])
        {
            if (server is not null)
            {
                await server.StopAsync();
                await server.DisposeAsync();
            }
        }
        await parts.Queue.DisposeAsync();
        await parts.Identity.DisposeAsync();
        await parts.Configs.DisposeAsync();
        await parts.Requests.DisposeAsync();
        await parts.Control.DisposeAsync();
        await parts.Store.DisposeAsync();
        parts.Metrics.Dispose();
    }

    private static int Port(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
}
