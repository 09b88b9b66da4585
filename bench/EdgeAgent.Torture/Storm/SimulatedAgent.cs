using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Flash;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Torture.Storm;

/// <summary>
/// An agent with one sensor that counts. All but the sensor is the product's own: batcher, spool (the smallest there is), uplink, TLS with a certificate
/// of its own. Two thousand of them fit into a process because they have nothing to do most of the time.
/// </summary>
internal sealed class SimulatedAgent : IAsyncDisposable
{
    public const string Series = "storm/count";

    private readonly ServiceProvider _parts;
    private readonly IHostedService[] _services;
    private readonly ReadingChannel _channel = new(capacity: 16);
    private readonly SeriesId _series;
    private int _next;

    /// <param name="uplink">Where it reports to, and as whom.</param>
    /// <param name="spool">A folder of its own.</param>
    public SimulatedAgent(UplinkOptions uplink, string spool)
    {
        var options = new SpoolOptions { Path = spool, MaximumBytes = 4 << 20, FreeSpaceFloor = 0, SegmentBytes = 256 << 10 };
        _parts = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<SeriesCatalog>()
            .AddSingleton<AgentMetrics>()
            .AddSingleton(_channel)
            .AddClock(new ClockOptions { Trust = ClockTrust.Always }, options, TimeProvider.System)
            .AddSpool(options, BatchCompression.Gzip)
            .AddUplink(uplink)
            .AddBatching(new BatchOptions { MaximumAge = TimeSpan.FromSeconds(1) }, new FlashOptions())
            .BuildServiceProvider();
        _services = [.. _parts.GetServices<IHostedService>()];
        _series = _parts.GetRequiredService<SeriesCatalog>()
            .TryRegister(Series, "1", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out Series? series)
            ? series.Id
            : throw new InvalidOperationException("The catalog is full.");
    }

    /// <summary>Numbers below this one were read.</summary>
    public int Next => Volatile.Read(ref _next);

    /// <summary>Readings that the service has confirmed.</summary>
    public long Acknowledged => _parts.GetRequiredService<AgentMetrics>().ReadingsAcknowledged.Value;

    public async Task StartAsync()
    {
        foreach (IHostedService service in _services)
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    /// <summary>One reading: the next number.</summary>
    public async Task ReadAsync(TimeProvider time)
    {
        long now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        await _channel.WriteAsync(Reading.OfNumber(_series, now, _next), CancellationToken.None);
        Interlocked.Increment(ref _next);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        foreach (IHostedService service in _services.Reverse())
        {
            await service.StopAsync(atOnce.Token);
        }
        await _parts.DisposeAsync();
    }
}
