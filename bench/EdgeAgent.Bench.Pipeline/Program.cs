using System.Diagnostics;
using System.Globalization;
using EdgeAgent.Batching;
using EdgeAgent.Bench.Pipeline;
using EdgeAgent.Diagnostics;
using EdgeAgent.Flash;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

// dotnet run -c Release --project bench/EdgeAgent.Bench.Pipeline [-- FOLDER | rules]
// rules: what report rules cost, by themselves.
// Readings through channel, batcher, encoder and spool, with and without publishers who wait. FOLDER (default: the temporary folder)
// decides what is measured: on /dev/shm the processor, elsewhere the disk too.
if (args is ["rules"])
{
    RuleCost.Print();
    return;
}
string root = args.Length > 0 ? args[0] : Path.GetTempPath();
Console.WriteLine($"{Environment.ProcessorCount} processors, spool under {root}");
Console.WriteLine($"{"load",-42}{"readings/s",12}{"CPU µs/reading",16}{"B alloc/reading",17}{"commits/s",11}{"B disk/reading",16}");
await Run("polled: nobody waits", Loads.Polled(3_000_000));
await Run("published: 4096 in flight", Loads.Published(2_000_000, inFlight: 4096));
await Run("published by a broker: 4096 in flight", Loads.Published(2_000_000, inFlight: 4096, isMarked: true));
await Run("published: 512 in flight", Loads.Published(600_000, inFlight: 512));
await Run("published by a broker: 512 in flight", Loads.Published(600_000, inFlight: 512, isMarked: true));
await Run("published: 64 in flight", Loads.Published(60_000, inFlight: 64));
await Run("published: 5,000/s, nobody held back", Loads.Paced(15_000, perSecond: 5_000));

async Task Run(string name, Load load)
{
    string folder = Path.Combine(root, $"edge-agent-bench-{Guid.NewGuid():N}");
    using var metrics = new AgentMetrics();
    var channel = new ReadingChannel();
    var catalog = new SeriesCatalog();
    var slot = new SpoolSlot(
        new SpoolOptions { Path = folder, MaximumBytes = 256 << 20, FreeSpaceFloor = 0 }, TimeProvider.System, NullLogger<SpoolSlot>.Instance);
    await slot.StartAsync(CancellationToken.None);
    var batcher = new Batcher(channel, catalog, new BatchOptions(), new FlashOptions(), slot, TimeProvider.System, metrics, new Heartbeats(TimeProvider.System), NullLogger<Batcher>.Instance);
    await batcher.StartAsync(CancellationToken.None);

    await load.RunAsync(channel, catalog, load.Readings / 10);
    long commits = metrics.SpoolCommits.Value;
    long written = slot.Current.Spool.Statistics.BytesWritten;
    long allocated = GC.GetTotalAllocatedBytes(precise: true);
    TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
    long started = Stopwatch.GetTimestamp();
    await load.RunAsync(channel, catalog, load.Readings);
    if (!load.Waits)
    {
        await batcher.StopAsync(CancellationToken.None);
    }
    double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
    processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
    allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
    written = slot.Current.Spool.Statistics.BytesWritten - written;
    await batcher.StopAsync(CancellationToken.None);
    await slot.DisposeAsync();
    Directory.Delete(folder, recursive: true);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-42}{load.Readings / seconds,12:N0}{processor.TotalMicroseconds / load.Readings,16:F2}{(double)allocated / load.Readings,17:F2}{(metrics.SpoolCommits.Value - commits) / seconds,11:N0}{(double)written / load.Readings,16:F2}"));
}
