using System.Diagnostics;
using EdgeAgent.Bench.Store;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Postgres;
using EdgeAgent.Testing;

// dotnet run -c Release --project bench/EdgeAgent.Bench.Store -- [MILLIONS]
// A server of its own on loopback; three rounds of each in turn, the median counts.
int millions = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 2;
if (PostgresServer.ReasonToSkip is { } missing)
{
    Console.Error.WriteLine(missing);
    return 1;
}
await using PostgresServer server = await PostgresServer.StartAsync();
var bare = new List<double>();
var stored = new List<double>();
var ingested = new List<double>();
for (int round = 0; round < 3; round++)
{
    string connection = await server.CreateDatabaseAsync();
    await using (var database = new PostgresDatabase(new PostgresOptions { Connection = connection }))
    {
        await using PostgresReadingStore store = await PostgresReadingStore.OpenAsync(database, TimeProvider.System, CancellationToken.None);
        bare.Add(await RateAsync(() => BareCopy.RunAsync(database, millions)));
    }
    await using (var database = new PostgresDatabase(new PostgresOptions { Connection = await server.CreateDatabaseAsync() }))
    {
        await using IReadingStore store = await PostgresReadingStore.OpenAsync(database, TimeProvider.System, CancellationToken.None);
        stored.Add(await RateAsync(() => StoredChunks.RunAsync(store, millions)));
    }
    await using (var service = await UploadedSessions.StartAsync(await server.CreateDatabaseAsync(), millions))
    {
        ingested.Add(await RateAsync(service.RunAsync));
    }
}
Tell("bare binary COPY, same table, same rows", bare);
Tell("the store (devices locked, watermark, series, COPY)", stored);
Tell("the service (TLS, gRPC, decoding, the store)", ingested);
return 0;

async Task<double> RateAsync(Func<Task> work)
{
    long started = Stopwatch.GetTimestamp();
    await work();
    return millions * 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds;
}

void Tell(string what, List<double> rates) =>
    Console.WriteLine($"{what,-56}{Median(rates),12:N0} readings/s   {Median(rates) / Median(bare),6:P0}");

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
